// `score` from the attacker's side: every witness is judged by the constraints alone. Most attacks are an honest witness of another claim
// whose public signals are then the wanted ones: what breaks is what stands in the way, and nothing else does.
import { readFileSync } from 'node:fs';
import {
  ensureScoreCircuit,
  expectedScoreConstraints,
  type ScoreInstance,
  scoreInstance,
  scoreShapeNames,
  scoreSignalNames,
} from '@murmuration/circuits';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { bytesToInteger, toField } from '../../prover/field.ts';
import {
  evaluateScore,
  layersOf,
  type ScoreClaim,
  type ScoreModel,
  type ScorePlace,
  type ScoreSecret,
  scoreClaim,
} from '../../prover/score/index.ts';
import { scoreInputs } from '../../prover/score/statement.ts';
import { readWitness } from '../../prover/witness/index.ts';
import { cacheFolder } from '../cache_folder.ts';
import {
  issuersOf,
  randomFeatures,
  randomModel,
  recordOf,
  signedSecret,
  withBracket,
} from '../prover/support/score.ts';
import { type Attacked, attackScore } from './support/instance.ts';
import { solve } from './support/solve.ts';
import { readSystem, violations, wiresOf } from './support/system.ts';
import { survivorsOf } from './support/walk.ts';

const small: ScoreInstance = { shape: 'small', widths: [3, 4, 2, 1], domains: { model: 11n, record: 12n } };
const schema = 77n;
const place: ScorePlace = { domain: 123n, until: 1_750_000_000n };
const [insider, outsider] = [issuersOf('lenders', 3), issuersOf('stranger', 1)];
const model = randomModel('small', small, schema);
const features = randomFeatures('small', model);
const judged = withBracket(model, features, 4);
const record = recordOf('small', { schema, features });
let target: Attacked;
let secret: ScoreSecret;
let claim: ScoreClaim;

const witnessOf = async (of: ScoreClaim, by: ScoreSecret) =>
  readWitness(await target.calculator.calculate(scoreInputs(of, by)));

/** A witness whose public signals were exchanged afterwards for those of another claim. */
async function passedOff(own: ScoreClaim, by: ScoreSecret, wanted: Partial<ScoreClaim>): Promise<bigint[]> {
  const witness = await witnessOf(own, by);
  for (const [name, value] of Object.entries(wanted)) witness[target.wire(name)] = value;
  return witness;
}

/** Constraints that break, but for those inside of components by this name. */
function brokenBeside(witness: readonly bigint[], components = /^$/): number[] {
  const inside = new Set(target.wires(components));
  return violations(target.system, witness).filter(
    (index) => !wiresOf(target.system.constraints[index]!).some((wire) => inside.has(wire)),
  );
}

beforeAll(async () => {
  target = await attackScore(small);
  secret = await signedSecret(judged, record, { issuers: insider, place: 2 });
  claim = await scoreClaim(place, secret);
});

describe('good and boundary witnesses', () => {
  it.each([0, 1, 4, 9])('bracket %i, as TypeScript evaluates it', async (bracket) => {
    const other = await signedSecret(withBracket(model, features, bracket), record, {
      issuers: insider,
      place: 0,
    });
    const own = await scoreClaim(place, other);
    expect(own.bracket).toBe(BigInt(bracket));
    expect(violations(target.system, await witnessOf(own, other))).toEqual([]);
  });

  const extreme = (weight: number, bias: 1n | -1n): ScoreModel => ({
    ...model,
    layers: layersOf(small).map(({ inputs, outputs, sumBits }) => ({
      weights: Array.from({ length: outputs }, () => new Array<number>(inputs).fill(weight)),
      biases: new Array<bigint>(outputs).fill(bias * 2n ** BigInt(sumBits - 1)),
    })),
    lower: [-32768, -32768, -32768],
    upper: [32767, 32767, 32767],
  });
  it.each<[string, ScoreModel, number]>([
    ['the largest sums there are', extreme(32767, 1n), 32767],
    ['the smallest', extreme(-32767, -1n), 32767],
    ['weights and features at opposite ends', extreme(32767, -1n), -32768],
    [
      'zeros',
      {
        ...extreme(0, 1n),
        layers: extreme(0, 1n).layers.map(({ weights }) => ({ weights, biases: weights.map(() => 0n) })),
      },
      0,
    ],
  ])('%s', async (_, wide, value) => {
    const filled = [value, value, value];
    const at = withBracket(wide, filled, 5);
    const other = await signedSecret(at, { ...record, features: filled }, { issuers: insider, place: 1 });
    expect(violations(target.system, await witnessOf(await scoreClaim(place, other), other))).toEqual([]);
  });

  it('a logit that equals a threshold reaches it, and one less does not', async () => {
    const { logit } = evaluateScore(judged, features);
    for (const [first, bracket] of [
      [logit, 1n],
      [logit + 1n, 0n],
    ] as const) {
      const thresholds = Array.from({ length: 9 }, (_, i) => first + BigInt(i));
      const other = await signedSecret({ ...judged, thresholds }, record, { issuers: insider, place: 1 });
      const own = await scoreClaim(place, other);
      expect(own.bracket).toBe(bracket);
      expect(violations(target.system, await witnessOf(own, other))).toEqual([]);
    }
  });

  it('a record that expires in the second until which it is shown', async () => {
    const until = record.expiresAt;
    const own = await scoreClaim({ ...place, until }, secret);
    expect(violations(target.system, await witnessOf(own, secret))).toEqual([]);
  });
});

describe('what a borrower would like to show', () => {
  it.each(scoreSignalNames)('another %s stops the generator and breaks a constraint', async (name) => {
    const other = { ...claim, [name]: toField(claim[name as keyof ScoreClaim] + 1n) };
    // Nothing else in the statement knows of the place: its own constraint has to.
    if (name !== 'domain')
      await expect(witnessOf(other, secret)).rejects.toThrow(/a constraint does not hold/);
    expect(
      brokenBeside(await passedOff(claim, secret, { [name]: other[name as keyof ScoreClaim] })),
    ).not.toEqual([]);
  });

  it.each(['domain', 'issuers', 'bracket', 'nullifier', 'serialHash'] as const)(
    'only one constraint holds %s',
    async (name) => {
      expect(brokenBeside(await passedOff(claim, secret, { [name]: claim[name] + 1n }))).toHaveLength(1);
    },
  );

  it('a feature of its own, signed by itself: only the root of the issuers stops it', async () => {
    const better = { ...record, features: [judged.lower[0]!, ...features.slice(1)] };
    const forged = await signedSecret(judged, better, { issuers: outsider, place: 0 });
    const own = await scoreClaim(place, forged);
    const witness = await passedOff(own, forged, { issuers: claim.issuers });
    expect(brokenBeside(witness)).toHaveLength(1);
  });

  it('one weight of its own: only the digest stops it, and the nullifier that follows from it', async () => {
    const [first, ...rest] = judged.layers;
    const weights = [
      [first!.weights[0]![0]! + 1, ...first!.weights[0]!.slice(1)],
      ...first!.weights.slice(1),
    ];
    const bent = { ...judged, layers: [{ ...first!, weights }, ...rest] };
    const forged = await signedSecret(bent, record, { issuers: insider, place: 2 });
    const own = await scoreClaim(place, forged);
    const witness = await passedOff(own, forged, { model: claim.model, nullifier: claim.nullifier });
    expect(brokenBeside(witness, /^once\./)).toHaveLength(1);
  });

  it.each(['thresholds', 'lower', 'upper'] as const)(
    '%s of its own: only the digest stops them',
    async (name) => {
      const bent = {
        ...judged,
        [name]:
          name === 'thresholds'
            ? judged.thresholds.map((t) => t + 1n)
            : judged[name].map((bound) => bound + (name === 'lower' ? -1 : 0)),
      };
      if (name === 'upper')
        bent.upper = judged.upper.with(
          0,
          judged.upper[0]! - 1 >= features[0]! ? judged.upper[0]! - 1 : judged.upper[0]! + 1,
        );
      const forged = await signedSecret(bent, record, { issuers: insider, place: 2 });
      const own = await scoreClaim(place, forged);
      const witness = await passedOff(own, forged, {
        model: claim.model,
        nullifier: claim.nullifier,
        bracket: own.bracket,
      });
      expect(brokenBeside(witness, /^once\./)).toHaveLength(1);
    },
  );

  it('a record for a second longer: only its range stops it', async () => {
    const until = record.expiresAt;
    const own = await scoreClaim({ ...place, until }, secret);
    const witness = await passedOff(own, secret, { until: until + 1n });
    expect(brokenBeside(witness, /^once\./)).toEqual(
      target.digitsOf(/^ahead\.bit/).map(({ constraint }) => constraint),
    );
  });

  it('a signature on another record: the generator stops, and both coordinates of its equation', async () => {
    const { signature } = await signedSecret(
      judged,
      { ...record, expiresAt: record.expiresAt + 1n },
      { issuers: insider, place: 2 },
    );
    await expect(witnessOf(claim, { ...secret, signature })).rejects.toThrow(/a constraint does not hold/);
  });

  it('a key or a nonce that is not on the curve', async () => {
    for (const broken of [
      { ...secret, issuer: { x: secret.issuer.x, y: toField(secret.issuer.y + 1n) } },
      { ...secret, signature: { ...secret.signature, nonce: { x: 1n, y: 1n } } },
    ])
      await expect(witnessOf(claim, broken)).rejects.toThrow(/a constraint does not hold/);
  });
});

describe('nothing is left to the prover', () => {
  it('every entry, changed alone, breaks a constraint, but for the place and two inverses of zero', async () => {
    const survivors = survivorsOf(target, await witnessOf(claim, secret));
    // The place's negative has the same square: what it is, its verifier says. `IsZero` of a difference that is zero takes any inverse.
    const free = [target.wire('domain'), ...target.wires(/eqCheck[XY]\.isz\.inv$/)];
    expect(new Set(survivors)).toEqual(new Set(free));
  });

  it('inputs determine all entries beside those of the signature', async () => {
    const witness = await witnessOf(claim, secret);
    const input = scoreInputs(claim, secret);
    const chosen = new Map<number, bigint>();
    for (const [name, values] of Object.entries(input)) {
      if (['model', 'issuers', 'nullifier', 'serialHash'].includes(name)) continue;
      values.forEach((value, i) => void chosen.set(target.wire(name, i), value));
    }
    // Digits are unique by themselves, and so are those of differences to thresholds, which `NotNegative` is tested for.
    const digits = [...target.digits.flatMap(({ bits }) => bits), ...target.wires(/^reached\[/)];
    for (const wire of [...digits, ...target.wires(/^signature\./)]) chosen.set(wire, witness[wire]!);
    const solution = solve(target.system, chosen);
    expect(solution.free).toEqual([]);
    expect(solution.failed).toEqual([]);
    expect(solution.witness).toEqual(witness);
  });
});

describe('counts', () => {
  /** 612 a permutation, less what the constants fold: the capacity, the domain, the padding (3 each). */
  const sponge = (length: number) => {
    const blocks = Math.ceil(length / 15);
    return 609 * blocks - 3 - 3 * (15 * blocks - length);
  };
  /** Full rounds of S-boxes and partial ones, less the capacity's first. */
  const poseidon = (width: number, partial: number) => 3 * (8 * width + partial) - 3;

  it.each(scoreShapeNames)('%s has the derived counts', (shape) => {
    const { widths } = scoreInstance(shape);
    const layers = layersOf({ widths });
    const [inputs, last] = [widths[0]!, layers.at(-1)!];
    const groups = layers.map(({ outputs, perElement }) => Math.ceil(outputs / perElement));
    const columns = layers.reduce((sum, layer, l) => sum + groups[l]! * (layer.inputs + 1), 0);
    expect(expectedScoreConstraints(shape)).toEqual({
      features: 3 * 16 * inputs,
      model: sponge(1 + 9 + Math.ceil((2 * inputs) / 14) + columns),
      record: sponge(6 + Math.ceil(inputs / 15)),
      // circomlib's verifier, and two points that are on the curve.
      signature: 4207 + 2 * 3,
      membership: poseidon(3, 57) + 8 * (poseidon(3, 57) + 2),
      layers: layers.reduce(
        (sum, { inputs, outputs, sumBits }, l) =>
          sum + groups[l]! * inputs + (l === layers.length - 1 ? 0 : outputs * (sumBits + 2)),
        0,
      ),
      thresholds: 9 * (last.sumBits + 2),
      hashes: poseidon(4, 56) + poseidon(3, 57) - 3,
      until: 64,
      place: 1,
    });
  });

  it.each([
    ['logistic', 14],
    ['network', 15],
  ] as const)('the compiler agrees on %s, which fits a domain of 2^%i', async (shape, log2) => {
    const { constraints, r1cs } = await ensureScoreCircuit(shape, { cacheFolder });
    const total = Object.values(expectedScoreConstraints(shape)).reduce((sum, part) => sum + part, 0);
    expect(constraints).toBe(total);
    expect(Math.ceil(Math.log2(total + scoreSignalNames.length + 1))).toBe(log2);
    expect(total).toBeLessThan(60_000);
    expect(readSystem(r1cs.path).publics).toBe(scoreSignalNames.length);
    const readme = readFileSync(new URL('../../circuits/README.md', import.meta.url), 'utf8');
    expect(readme).toContain(total.toLocaleString('en-US'));
  });

  it.each(scoreShapeNames)('the domains of %s are hashes of their names', (shape) => {
    for (const kind of ['model', 'record'] as const) {
      const name = utf8ToBytes(`murmuration/v1/sponge/score-${kind}/${shape}`);
      expect(scoreInstance(shape).domains[kind]).toBe(toField(bytesToInteger(keccak_256(name))));
    }
  });
});
