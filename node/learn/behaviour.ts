// How a trainer behaves: honestly, or as one of the adversaries that the tests, the simulation and the demo play
// against the protocol. All of them send well-formed updates; only the direction is dishonest.
import { norm } from '../compress/index.ts';
import type { Random } from './random.ts';

export const behaviours = ['honest', 'noise', 'opposite', 'replay'] as const;
export type Behaviour = (typeof behaviours)[number];

/**
 * The change that a trainer of this behaviour pretends to have found.
 * @param change what honest training found. @param moved how the last round moved the model, where there was one.
 */
export function pretend(
  behaviour: Behaviour,
  change: Float32Array,
  moved: Float32Array | undefined,
  random: Random,
): Float32Array {
  switch (behaviour) {
    case 'honest':
      return change;
    case 'noise': {
      const deviation = norm(change) / Math.sqrt(change.length);
      return change.map(() => deviation * random.normal());
    }
    case 'opposite':
      return change.map((x) => -x);
    case 'replay':
      return moved ?? new Float32Array(change.length);
  }
}
