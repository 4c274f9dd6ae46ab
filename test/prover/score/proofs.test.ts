// Real proofs of `score`: who edits one feature, one weight or one byte gets nothing, and snarkjs alone verifies.
import { readFileSync } from 'node:fs';
import { scoreInstance } from '@murmuration/circuits';
import {
  createBackend,
  type Groth16Proof,
  type ProverBackend,
  proofFromWords,
  proofWords,
  verifyGroth16,
  verifyingKeyFromJson,
} from '@murmuration/prover';
import { groth16, zKey } from 'snarkjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createScoreProver,
  ensureScoreKeys,
  type ScoreClaim,
  type ScoreProver,
  type ScoreSecret,
  scoreClaim,
  scoreDomain,
  scoreSignals,
} from '../../../prover/score/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import {
  issuersOf,
  randomFeatures,
  randomModel,
  recordOf,
  signedSecret,
  withBracket,
} from '../support/score.ts';

const contract = `0x${'c'.repeat(40)}`;
const issuers = issuersOf('proofs', 2);
let backend: ProverBackend;
let prover: ScoreProver;
let secret: ScoreSecret;
let claim: ScoreClaim;
let proof: Groth16Proof;

beforeAll(async () => {
  backend = createBackend({ name: 'wasm', cacheFolder });
  await backend.start();
  prover = createScoreProver(await ensureScoreKeys('logistic', { cacheFolder }), backend);
  const plain = randomModel('proofs', scoreInstance('logistic'), 9n);
  const features = randomFeatures('proofs', plain);
  const record = recordOf('proofs', { schema: 9n, features });
  secret = await signedSecret(withBracket(plain, features, 2), record, { issuers, place: 1 });
  claim = await scoreClaim({ domain: scoreDomain(31337n, contract), until: 1_767_744_000n }, secret);
  ({ proof } = await prover.prove({ claim, secret }));
});
afterAll(() => backend.stop());

describe('a proof', () => {
  it('holds for its claim and for no other', () => {
    expect(prover.verify(claim, proof)).toBe(true);
    for (const name of Object.keys(claim) as (keyof ScoreClaim)[])
      expect(prover.verify({ ...claim, [name]: claim[name] + 1n }, proof), name).toBe(false);
  });

  it('is verified by snarkjs alone', async () => {
    const key = await zKey.exportVerificationKey(prover.keys.provingKey.zkeyPath);
    const [ax, ay, bxi, bxr, byi, byr, cx, cy] = proofWords(proof).map(String) as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const words = {
      pi_a: [ax, ay, '1'],
      pi_b: [
        [bxr, bxi],
        [byr, byi],
        ['1', '0'],
      ],
      pi_c: [cx, cy, '1'],
      protocol: 'groth16',
      curve: 'bn128',
    };
    const signals = scoreSignals(claim).map(String);
    expect(await groth16.verify(key, signals, words)).toBe(true);
    expect(await groth16.verify(key, signals.with(5, '0'), words)).toBe(false);
  });

  it('with one byte changed is none', () => {
    const words = proofWords(proof);
    for (const [i, word] of words.entries()) {
      const bent = words.with(i, word ^ 1n);
      // Off its curve, or a point that does not fit.
      const holds = () => prover.verify(claim, proofFromWords(bent));
      let answer: boolean | string;
      try {
        answer = holds();
      } catch (error) {
        answer = (error as { code: string }).code;
      }
      expect([false, 'point']).toContain(answer);
    }
  });
});

describe('a prover', () => {
  it('takes models of its own shape alone', async () => {
    const other = createScoreProver(
      { ...prover.keys, shape: scoreInstance('network') },
      { ...backend, prove: () => expect.unreachable() },
    );
    await expect(other.prove({ claim, secret })).rejects.toMatchObject({
      code: 'argument',
      message: 'the model is of shape logistic, but the keys are for network',
    });
  });
});

describe('a borrower', () => {
  const prove = (of: ScoreClaim, by: ScoreSecret) => prover.prove({ claim: of, secret: by });

  it('who edits one feature gets no claim, and no proof of the old one', async () => {
    const { record } = secret;
    const better = {
      ...secret,
      record: { ...record, features: record.features.with(0, record.features[0]! === 0 ? 1 : 0) },
    };
    await expect(scoreClaim({ domain: claim.domain, until: claim.until }, better)).rejects.toMatchObject({
      code: 'statement',
      message: 'the signature is not that of the issuer on this record',
    });
    await expect(prove(claim, better)).rejects.toMatchObject({ code: 'witness' });
  });

  it('who edits one weight proves for another model alone', async () => {
    const { model } = secret;
    const [layer] = model.layers;
    const weights = [layer!.weights[0]!.with(3, 0)];
    const bent = { ...secret, model: { ...model, layers: [{ ...layer!, weights }] } };
    await expect(prove(claim, bent)).rejects.toMatchObject({ code: 'witness' });
    expect((await scoreClaim({ domain: claim.domain, until: claim.until }, bent)).model).not.toBe(
      claim.model,
    );
  });

  it('whose record expires a second too early, or is of another schema, is told before anything is proven', async () => {
    const place = { domain: claim.domain, until: secret.record.expiresAt + 1n };
    await expect(scoreClaim(place, secret)).rejects.toThrow(
      /expires at 1800000000, but it is to be shown until 1800000001/,
    );
    const other = { ...secret, record: { ...secret.record, schema: 10n } };
    await expect(scoreClaim({ ...place, until: 0n }, other)).rejects.toThrow(
      /of schema 10, but the model takes 9/,
    );
  });
});

describe('the vectors of the contracts’ tests', () => {
  it('hold under their keys, which are the development keys', () => {
    const read = readFileSync(new URL('../../vectors/credit.json', import.meta.url), 'utf8');
    const { verifyingKeys, proofs } = JSON.parse(read) as {
      verifyingKeys: Record<string, Parameters<typeof verifyingKeyFromJson>[1]>;
      proofs: { name: string; shape: string; publicSignals: string[]; proof: string[] }[];
    };
    expect(proofs.map(({ name }) => name)).toEqual([
      'first',
      'renewal',
      'other account',
      'network',
      'one issuer more',
    ]);
    for (const one of proofs) {
      const key = verifyingKeyFromJson(one.shape, verifyingKeys[one.shape]!);
      expect(
        verifyGroth16(key, proofFromWords(one.proof.map(BigInt)), one.publicSignals.map(BigInt)),
        one.name,
      ).toBe(true);
    }
    const first = verifyingKeyFromJson('logistic', verifyingKeys.logistic!);
    expect(first).toEqual(prover.keys.verifyingKey);
  });
});
