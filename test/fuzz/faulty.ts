// Targets with faults, for the harness's own test.
import { MurmurationError } from '@murmuration/core';
import type { Target } from './target.ts';

const held: Uint8Array[] = [];
const right = new TextEncoder().encode('right');

/** Reads the right input, and does something else with others. */
const of = (name: string, fault: () => unknown, takes = true): Target => ({
  name,
  inputs: 10,
  prepare: async () => ({
    corpus: [right],
    codes: ['wire'],
    names: /it/,
    read(input) {
      if (Buffer.compare(input, right) !== 0) return fault();
      if (takes) return undefined;
      throw new MurmurationError('wire', 'it is none');
    },
  }),
});

export const targets: readonly Target[] = [
  of('crashes', () => {
    setImmediate(() => {
      throw new Error('thrown by nobody');
    });
    return new Promise((resolve) => setTimeout(resolve, 1000));
  }),
  of('throws late', () => {
    setTimeout(() => {
      throw new Error('thrown when all was read');
    }, 300);
  }),
  of('leaves a timer', () => setInterval(() => undefined, 1000)),
  of('hangs', () => {
    for (;;);
  }),
  of('grows', () => held.push(new Uint8Array(2 ** 28).fill(1))),
  of('pollutes', () => Object.assign(Object.prototype, { polluted: true })),
  of('takes nothing', () => undefined, false),
];
