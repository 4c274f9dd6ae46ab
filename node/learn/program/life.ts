// One life of a program: a process that is asked one thing after the other. Whatever it does against the protocol ends
// it; the host (host.ts) starts another.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { reasonOf } from '@murmuration/core';
import { NodeError } from '../../errors.ts';
import { environmentOf } from './environment.ts';
import { encodeFrame, type Frame, FrameReader } from './frames.ts';
import { lastWords, progressPause } from './limits.ts';
import { type AnswerHeader, answerHeader, type Given, type Order, parseHeader } from './messages.ts';
import { BoundedLines, shown } from './shown.ts';
import { childrenOf } from './walls.ts';

/** The program ended by itself while it was asked: another life may do better. */
export class ProgramDied extends NodeError {
  constructor(how: string) {
    super('learning', `the program ended (${how}) before it answered`, {
      mend: 'What it wrote last stands above. Files that it lacks behind its walls: --exec-shows PATH.',
    });
  }
}

/** What is wanted of an order. */
export interface Asking {
  /** How many numbers each array of the answer has. */
  readonly lengths: readonly number[];
  readonly seconds: number;
  readonly signal?: AbortSignal | undefined;
}

/** What is started, and what is erased when it is gone. */
export interface ProgramStart {
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  erase(): Promise<void>;
}

interface Job extends Asking {
  readonly number: number;
  readonly order: Order['order'];
  resolve(answer: Frame<Given>): void;
  reject(reason: unknown): void;
}

/** A program at work. */
export class ProgramLife {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #reader: FrameReader<AnswerHeader>;
  readonly #errors: BoundedLines;
  readonly #hear: (text: string) => void;
  readonly #closed: Promise<void>;
  #job: Job | undefined;
  #asked = 0;
  #shownAt = Number.NEGATIVE_INFINITY;
  #over: { readonly reason: unknown } | undefined;

  /** @param hear is told what the program says, line by line, for people. */
  constructor({ words, environment, erase }: ProgramStart, hear: (text: string) => void) {
    const [file, ...args] = words;
    this.#hear = hear;
    this.#errors = new BoundedLines(hear);
    this.#reader = new FrameReader({
      admit: (header) => this.#admit(header),
      frame: (frame) => this.#take(frame),
    });
    // A group of its own: what it starts ends with it, but for what leaves the group where there are no walls.
    this.#child = spawn(file!, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...environmentOf(process.env), ...environment },
      detached: true,
    });
    this.#closed = new Promise((resolve, reject) => {
      this.#child.on('close', (code, signal) => {
        this.#errors.flush();
        this.#fail(new ProgramDied(signal ?? `exit code ${code}`));
        erase().then(resolve, reject);
      });
    });
    // Told to who ends it; a life that ended by itself has nobody to tell.
    this.#closed.catch(() => undefined);
    // A process that it left behind may hold its output open for ever: what was written is read, then nobody waits.
    this.#child.on('exit', () => {
      this.#kill();
      setTimeout(() => {
        this.#child.stdout.destroy();
        this.#child.stderr.destroy();
      }, lastWords).unref();
    });
    this.#child.on('error', (error) =>
      this.#fail(
        new NodeError('learning', `the program cannot be run: ${reasonOf(error)}`, {
          mend: 'Check the command after --exec.',
        }),
      ),
    );
    // Its end is told by `close`, with its exit code.
    this.#child.stdin.on('error', () => undefined);
    this.#child.stdout.on('data', (piece: Buffer) => this.#read(piece));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => this.#errors.push(text));
  }

  /** Whether it can be asked nothing any more. */
  get isOver(): boolean {
    return this.#over !== undefined;
  }

  /**
   * Asks the program, which is not asked anything else meanwhile. Rejects with ProgramDied where it ends, with NodeError
   * `learning` for what it refuses and for all that is against the protocol, and at once with the signal's reason.
   */
  ask(order: Order, arrays: readonly Float32Array[], asking: Asking): Promise<Frame<Given>> {
    if (this.#over) return Promise.reject(this.#over.reason);
    if (this.#job) throw new Error(`the program is asked to ${order.order} during ${this.#job.order}`);
    this.#asked += 1;
    const number = this.#asked;
    return new Promise<Frame<Given>>((resolve, reject) => {
      const { seconds, signal } = asking;
      const stop = () => this.#fail(signal!.reason);
      const timer = setTimeout(
        () =>
          this.#fail(
            new NodeError('learning', `the program took more than ${seconds} s to ${order.order}`, {
              mend: 'Let the task ask for fewer steps, or give it longer: --exec-limit.',
            }),
          ),
        seconds * 1000,
      );
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', stop);
        this.#job = undefined;
        this.#errors.flush();
      };
      this.#job = {
        ...asking,
        number,
        order: order.order,
        resolve: (answer) => {
          done();
          resolve(answer);
        },
        reject: (reason) => {
          done();
          reject(reason);
        },
      };
      signal?.addEventListener('abort', stop, { once: true });
      for (const part of encodeFrame({ header: { ...order, number }, arrays })) this.#child.stdin.write(part);
    });
  }

  /** Ends it at once; resolves when it is gone. */
  async end(reason: unknown): Promise<void> {
    this.#fail(reason);
    await this.#closed;
  }

  #read(piece: Buffer): void {
    if (this.#over) return;
    try {
      const unasked = new NodeError('wire', 'it goes on although nothing is asked');
      if (!this.#job) throw unasked;
      this.#reader.push(piece);
      if (!this.#job && this.#reader.isInside) throw unasked;
    } catch (cause) {
      this.#fail(
        new NodeError('learning', `the program's standard output is not the protocol's: ${reasonOf(cause)}`, {
          mend: 'It may print to standard error alone; murmur.py sees to that (docs/programs.md).',
          cause,
        }),
      );
    }
  }

  #admit(given: unknown): { header: AnswerHeader; lengths: readonly number[] } {
    const header = parseHeader(answerHeader, given);
    const job = this.#job;
    if (header.number !== job?.number)
      throw new NodeError(
        'wire',
        `an answer is to order ${header.number}, but ${job?.number ?? 'none'} is open`,
      );
    const lengths = header.answer === 'given' ? job.lengths : [];
    if (`${header.lengths}` !== `${lengths}`)
      throw new NodeError(
        'wire',
        `an answer to ${job.order} has arrays of [${header.lengths}] numbers, but [${lengths}] are asked for`,
      );
    return { header, lengths };
  }

  #take({ header, arrays }: Frame<AnswerHeader>): void {
    const job = this.#job!;
    if (header.answer === 'given') job.resolve({ header, arrays });
    else if (header.answer === 'progress') this.#tell(job, header);
    else {
      const mend = header.mend === undefined ? {} : { mend: shown(header.mend) };
      job.reject(new NodeError('learning', `the program cannot ${job.order}: ${shown(header.text)}`, mend));
    }
  }

  #tell({ order }: Job, { share, text }: Extract<AnswerHeader, { answer: 'progress' }>): void {
    const now = performance.now();
    if (now - this.#shownAt < progressPause) return;
    this.#shownAt = now;
    const percent = share === undefined ? '' : `${Math.round(share * 100)} %`;
    this.#hear([order, percent, shown(text)].filter(Boolean).join(' '));
  }

  #fail(reason: unknown): void {
    if (!this.#over) {
      this.#over = { reason };
      this.#kill();
      const stopped = reason instanceof NodeError && reason.code === 'interrupted';
      // Nobody waits for an answer that could tell it.
      if (!this.#job && !stopped) this.#hear(reasonOf(reason));
    }
    this.#job?.reject(reason);
  }

  #kill(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    // Behind walls the first process in them is no member of the group; with it ends all that the program started.
    for (const target of [-pid, ...childrenOf(pid)]) {
      try {
        process.kill(target, 'SIGKILL');
      } catch {
        // It is gone.
      }
    }
  }
}
