// The other side: a program in TypeScript that a role speaks to on standard input and output. murmur.py is the same
// for Python.
import { once } from 'node:events';
import { reasonOf } from '@murmuration/core';
import { NodeError } from '../../errors.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Steps, WholeGradient } from '../network.ts';
import { encodeFrame, type Frame, FrameReader } from './frames.ts';
import { longestLine } from './limits.ts';
import { type OrderHeader, orderHeader, parseHeader, protocolVersion } from './messages.ts';
import type { NamedParameter, ProgramSettings } from './spec.ts';

/** One round's local training; the seed is the round's own, below 2^32. */
export interface ProgramSteps extends Steps {
  readonly seed: number;
  readonly round: number;
}

/** What a program computes. Models are flat, in the order of its parameters. */
export interface OwnProgram {
  readonly parameters: readonly NamedParameter[];
  /** First parameters. */
  initial(seed: number): Float32Array;
  /** The change that local training makes. */
  train(model: Float32Array, data: Dataset, steps: ProgramSteps): Float32Array;
  /** Probabilities, one a class, row by row. */
  predict(model: Float32Array, data: Dataset): Float32Array;
  gradient(model: Float32Array, data: Dataset): WholeGradient;
}

/** What is answered to an order. */
type Answer = Frame<{ readonly parameters?: readonly NamedParameter[]; readonly loss?: number }>;

/**
 * Serves a program until its role closes standard input. What the program prints goes to standard error.
 * @param open makes it, by the settings of the task.
 */
export async function serveProgram(
  open: (settings: ProgramSettings) => OwnProgram | Promise<OwnProgram>,
): Promise<void> {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  const tables = new Map<number, Dataset>();
  let program: OwnProgram | undefined;
  const orders: Frame<OrderHeader>[] = [];
  const reader = new FrameReader<OrderHeader>({
    // A role is trusted with lengths: it is this program's own site.
    admit: (given) => ({
      header: parseHeader(orderHeader, given),
      lengths: (given as { lengths: readonly number[] }).lengths,
    }),
    frame: (frame) => orders.push(frame),
  });
  for await (const piece of process.stdin) {
    reader.push(piece);
    for (const order of orders.splice(0)) {
      const { number } = order.header;
      const frame = await obey(order).then(
        ({ header, arrays }) => ({ header: { ...header, answer: 'given', number }, arrays }),
        (error) => ({ header: { ...failureOf(error), answer: 'failed', number }, arrays: [] }),
      );
      for (const part of encodeFrame(frame)) if (!write(part)) await once(process.stdout, 'drain');
    }
  }

  async function obey({ header, arrays }: Frame<OrderHeader>): Promise<Answer> {
    if (header.order === 'describe') {
      if (header.protocol !== protocolVersion)
        throw new NodeError(
          'wire',
          `the protocol is ${header.protocol}, but this program speaks ${protocolVersion}`,
        );
      program = await open(header.settings);
      return { header: { parameters: program.parameters }, arrays: [] };
    }
    if (!program)
      throw new NodeError('wire', `the order is ${header.order}, but the first one is to describe`);
    if (header.order === 'initial') return { header: {}, arrays: [program.initial(header.seed)] };
    if (header.order === 'take') {
      const [inputs, labels] = arrays as readonly [Float32Array, Float32Array];
      const { table, count, shape, classes } = header;
      tables.set(table, { count, shape, classes, inputs, labels: Uint16Array.from(labels) });
      return { header: {}, arrays: [] };
    }
    const [model, data] = [arrays[0]!, tables.get(header.table)!];
    if (header.order === 'train') return { header: {}, arrays: [program.train(model, data, header)] };
    if (header.order === 'predict') return { header: {}, arrays: [program.predict(model, data)] };
    const { loss, gradient } = program.gradient(model, data);
    return { header: { loss }, arrays: [gradient] };
  }
}

function failureOf(error: unknown): { readonly text: string; readonly mend?: string } {
  const text = reasonOf(error).slice(0, longestLine);
  return error instanceof NodeError && error.mend !== undefined ? { text, mend: error.mend } : { text };
}
