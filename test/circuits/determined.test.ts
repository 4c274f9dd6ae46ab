// Nothing in a witness is left to the prover: the walk over every entry, and uniqueness by linear algebra.

import { type CircuitInstance, circuitInstance } from '@murmuration/circuits';
import { describe, expect, it } from 'vitest';
import { toField } from '../../prover/field.ts';
import { readWitness, type WitnessInput } from '../../prover/witness/index.ts';
import {
  aggregateInput,
  alignmentInput,
  measuredAgainst,
  randomVector,
  resized,
  updateInput,
} from './support/honest.ts';
import { type Attacked, attack } from './support/instance.ts';
import { solve } from './support/solve.ts';
import { violations } from './support/system.ts';
import { survivorsOf } from './support/walk.ts';

const gamma = toField(0xabcdefn ** 9n);
const references = Array.from({ length: 7 }, (_, g) => randomVector(`walk/${g}`, 96, 8, -127).coordinates);
const before = { products: [1n, -2n, 3n, -4n, 5n, -6n, 7n], norm: 8n, salt: 9n };
const instances: [string, CircuitInstance, (instance: CircuitInstance) => Promise<WitnessInput>][] = [
  [
    'update, 96 lanes',
    circuitInstance('update', 'tiny'),
    (one) => updateInput(one, randomVector('walk', 96, 8), gamma, 1_000_000n),
  ],
  [
    'update, 4 lanes in groups of 2',
    resized('update', 'walk', { n: 4, bits: 8, slackBits: 17, group: 2 }),
    (one) => updateInput(one, randomVector('walk', 4, 8), gamma, 65_536n),
  ],
  [
    'aggregate, 224 lanes: two blocks of the sponge',
    resized('aggregate', 'walk', { n: 224, bits: 18 }),
    (one) => aggregateInput(one, randomVector('walk', 224, 18), gamma),
  ],
  [
    'alignment, 96 lanes, one chunk',
    circuitInstance('alignment', 'tiny'),
    (one) => alignmentInput(one, randomVector('walk/u', 96, 8), measuredAgainst(references)),
  ],
  [
    'alignment, 96 lanes, the last of several chunks',
    circuitInstance('alignment', 'tiny'),
    (one) =>
      alignmentInput(
        one,
        randomVector('walk/u', 96, 8),
        measuredAgainst(references, { first: false, before }),
      ),
  ],
];

describe.each(instances)('%s', (_, instance, inputOf) => {
  const prepare = async (): Promise<[Attacked, bigint[]]> => {
    const target = await attack(instance);
    const witness = readWitness(await target.calculator.calculate(await inputOf(instance)));
    expect(violations(target.system, witness)).toEqual([]);
    return [target, witness];
  };

  it('every entry, changed alone, breaks a constraint', async () => {
    const [target, witness] = await prepare();
    expect(survivorsOf(target, witness)).toEqual([]);
  });

  it('inputs determine all other entries, public signals included', async () => {
    const [target, witness] = await prepare();
    const input = await inputOf(instance);
    const outputs = ['h', 'y', 'hUpdate', 'before', 'out'];
    const chosen = new Map<number, bigint>();
    for (const name of Object.keys(input).filter((one) => !outputs.includes(one))) {
      input[name]!.forEach((value, i) => void chosen.set(target.wire(name, i), value));
    }
    // The digits of a range are unique by themselves: booleans with different powers of two below the top
    // one.
    const covered = new Set(target.digits.flatMap(({ bits }) => bits));
    // So are the parts of a packed sum, being in range, and the sizes of figures, between their two inequalities: see the tests of
    // `SplitSigned` and `Cosine`.
    const sizes = target.wires(/^figures\.cosine\[\d\]\.t\[\d\]$/);
    const flags = instance.circuit === 'alignment' ? [target.wire('first'), target.wire('last')] : [];
    expect(new Set([...covered, ...sizes, ...flags])).toEqual(target.booleans);
    const hints = [...covered, ...sizes, ...target.wires(/^figures\.products\[/)];
    for (const wire of hints) chosen.set(wire, witness[wire]!);
    const solution = solve(target.system, chosen);
    expect(solution.free).toEqual([]);
    expect(solution.failed).toEqual([]);
    expect(solution.witness).toEqual(witness);
  });
});
