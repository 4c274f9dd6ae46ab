// A program of the site's own as the host of a task's model. It is started when it is needed, and again after it died
// or was stopped; what it was given it is given again.
import { reasonOf } from '@murmuration/core';
import { NodeError } from '../../errors.ts';
import type { Dataset } from '../data/dataset.ts';
import { evaluatePredictions } from '../evaluate.ts';
import { finite } from '../finite.ts';
import type { HostedRows, ModelHost } from '../host/host.ts';
import { type ModelLayout, modelLayout } from '../layout.ts';
import { batchesOf } from '../training.ts';
import type { Frame } from './frames.ts';
import { ProgramDied, ProgramLife } from './life.ts';
import { livesOfAnOrder, orderSeconds, startSeconds } from './limits.ts';
import { type Given, type Order, protocolVersion } from './messages.ts';
import type { NamedParameter, ProgramModel, ProgramSettings } from './spec.ts';
import { checkStart, type ProgramRun, prepare } from './start.ts';

/** Rows in a program, which also predicts them. */
export interface ProgramRows extends HostedRows {
  /** Probabilities row by row, one a class. */
  predict(model: Float32Array, signal?: AbortSignal): Promise<Float32Array>;
}

/** A program as a host, which also has first parameters. */
export interface ProgramHost extends ModelHost {
  take(data: Dataset): Promise<ProgramRows>;
  /** The program's first parameters of a seed below 2^32. */
  initial(seed: number): Promise<Float32Array>;
}

/**
 * The host of a task's program.
 * @throws NodeError `input` unless the site's files are those of the task, and walls can be built where they are asked
 * for.
 */
export async function startProgram(model: ProgramModel, run: ProgramRun): Promise<ProgramHost> {
  await checkStart(model, run);
  return new Program(model, run);
}

/** What a program of these files says of its parameters, for a planner who writes a task. */
export async function askParameters(
  run: ProgramRun,
  model: Pick<ProgramModel, 'files' | 'settings'>,
): Promise<readonly NamedParameter[]> {
  const { settings } = model;
  const { seconds = startSeconds, hear } = run;
  await checkStart(model, run);
  const life = new ProgramLife(await prepare(model, run), hear);
  try {
    return await describe(life, settings, { seconds });
  } finally {
    await life.end(new NodeError('interrupted', 'the program is not needed any more'));
  }
}

/** One life, and what it has been given. */
interface Alive {
  readonly life: ProgramLife;
  readonly tables: Set<number>;
}

class Program implements ProgramHost {
  readonly #model: ProgramModel;
  readonly #run: ProgramRun;
  readonly #layout: ModelLayout;
  readonly #tables: Dataset[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #alive: Alive | undefined;
  #closed = false;

  constructor(model: ProgramModel, run: ProgramRun) {
    this.#model = model;
    this.#run = run;
    this.#layout = modelLayout(model);
  }

  async describe(): Promise<ModelLayout> {
    await this.#inTurn(undefined, async () => undefined);
    return this.#layout;
  }

  async initial(seed: number): Promise<Float32Array> {
    const { size } = this.#layout;
    const { arrays } = await this.#ask({ order: 'initial', seed }, [], { lengths: [size] });
    return finite(arrays[0]!, 'first parameters');
  }

  async take(data: Dataset): Promise<ProgramRows> {
    const table = this.#tables.push(data) - 1;
    await this.#inTurn(undefined, (alive) => this.#give(alive, table));
    const { size } = this.#layout;
    const predict = async (model: Float32Array, signal?: AbortSignal) => {
      const lengths = [data.count * data.classes];
      const { arrays } = await this.#askOf(table, { order: 'predict', table }, model, { lengths, signal });
      return checkProbabilities(arrays[0]!, data.classes);
    };
    return {
      count: data.count,
      train: async (model, { seed, round, steps, batch, rate }, signal) => {
        const drawn = batchesOf(seed, round).uint32();
        const order: Order = { order: 'train', table, round, steps, batch, rate, seed: drawn };
        const { arrays } = await this.#askOf(table, order, model, { lengths: [size], signal });
        return finite(arrays[0]!, 'local update');
      },
      predict,
      evaluate: async (model, signal) =>
        evaluatePredictions(await predict(model, signal), data.labels, data.classes),
      gradient: async (model, signal) => {
        const order: Order = { order: 'gradient', table };
        const { header, arrays } = await this.#askOf(table, order, model, { lengths: [size], signal });
        if (header.loss === undefined)
          throw new NodeError('learning', 'the program gives a gradient, but not the loss that it is of');
        return { loss: header.loss, gradient: finite(arrays[0]!, 'gradient') };
      },
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#alive?.life.end(closed());
  }

  /** Asks something about a table, from a model. */
  async #askOf(
    table: number,
    order: Order,
    model: Float32Array,
    wanted: { readonly lengths: readonly number[]; readonly signal: AbortSignal | undefined },
  ): Promise<Frame<Given>> {
    const { size } = this.#layout;
    if (model.length !== size)
      throw new NodeError('learning', `model: ${model.length} parameters given, but this model has ${size}`);
    if (this.#tables[table]!.count < 1)
      throw new NodeError('learning', 'data: there are no rows, but at least one is needed');
    return this.#ask(order, [model.slice()], wanted, table);
  }

  #ask(
    order: Order,
    arrays: readonly Float32Array[],
    { lengths, signal }: { readonly lengths: readonly number[]; readonly signal?: AbortSignal | undefined },
    table?: number,
  ): Promise<Frame<Given>> {
    return this.#inTurn(signal, async (alive) => {
      if (table !== undefined) await this.#give(alive, table, signal);
      return alive.life.ask(order, arrays, { lengths, seconds: this.#seconds, signal });
    });
  }

  get #seconds(): number {
    return this.#run.seconds ?? orderSeconds;
  }

  /** Gives a life the rows of a table, unless it has them. */
  async #give({ life, tables }: Alive, table: number, signal?: AbortSignal): Promise<void> {
    if (tables.has(table)) return;
    const { count, shape, classes, inputs, labels } = this.#tables[table]!;
    const order: Order = { order: 'take', table, count, shape: [...shape], classes };
    await life.ask(order, [inputs, Float32Array.from(labels)], {
      lengths: [],
      seconds: this.#seconds,
      signal,
    });
    tables.add(table);
  }

  /** Does a thing with a living program after all that was asked before; again with the next life where it dies of it. */
  #inTurn<T>(signal: AbortSignal | undefined, act: (alive: Alive) => Promise<T>): Promise<T> {
    const acted = this.#turn.then(async () => {
      for (let lives = 1; ; lives++) {
        if (this.#closed) throw closed();
        signal?.throwIfAborted();
        try {
          return await act(await this.#living(signal));
        } catch (error) {
          if (!(error instanceof ProgramDied) || lives === livesOfAnOrder) throw error;
          this.#run.hear(`${reasonOf(error)}; it is started again`);
        }
      }
    });
    this.#turn = acted.catch(() => undefined);
    return signal ? orStopped(acted, signal) : acted;
  }

  async #living(signal: AbortSignal | undefined): Promise<Alive> {
    if (this.#alive && !this.#alive.life.isOver) return this.#alive;
    const life = new ProgramLife(await prepare(this.#model, this.#run), this.#run.hear);
    this.#alive = { life, tables: new Set() };
    const { settings, parameters } = this.#model;
    const found = await describe(life, settings, { seconds: startSeconds, signal });
    if (shapesOf(found) !== shapesOf(parameters)) {
      const misfit = new NodeError(
        'learning',
        `the program's parameters are ${shapesOf(found)}, but the task's are ${shapesOf(parameters)}`,
        { mend: 'Ask the planner which program and settings the task is of.' },
      );
      await life.end(misfit);
      throw misfit;
    }
    return this.#alive;
  }
}

async function describe(
  life: ProgramLife,
  settings: ProgramSettings,
  wanted: { readonly seconds: number; readonly signal?: AbortSignal | undefined },
): Promise<readonly NamedParameter[]> {
  const order: Order = { order: 'describe', protocol: protocolVersion, settings };
  const { header } = await life.ask(order, [], { ...wanted, lengths: [] });
  if (!header.parameters)
    throw new NodeError('learning', 'the program describes itself, but names no parameters');
  return header.parameters;
}

/** Probabilities as a program gave them, held to what they must be: a model could otherwise seem better than it is. */
function checkProbabilities(values: Float32Array, classes: number): Float32Array {
  finite(values, 'prediction');
  for (let row = 0; row < values.length / classes; row++) {
    let sum = 0;
    for (let at = row * classes; at < (row + 1) * classes; at++) {
      const value = values[at]!;
      sum += value;
      if (value < 0 || value > 1)
        throw new NodeError(
          'learning',
          `prediction: row ${row} has ${value}, but probabilities lie from 0 to 1`,
        );
    }
    if (Math.abs(sum - 1) > 1e-3)
      throw new NodeError(
        'learning',
        `prediction: row ${row} sums to ${sum}, but its probabilities sum to 1`,
      );
  }
  return values;
}

const shapesOf = (parameters: readonly NamedParameter[]): string =>
  parameters.map(({ name, shape }) => `${name} [${shape.join(' x ')}]`).join(', ');

const closed = (): NodeError => new NodeError('interrupted', 'the program was closed');

/** Work, or the signal's reason where that comes first. */
function orStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const stop = () => reject(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  return promise;
}
