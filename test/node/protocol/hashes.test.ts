// The hashes that calls and announcements state, against the vectors that contracts/test/Hashes.t.sol reads
// too.
import { readFileSync } from 'node:fs';
import { bytesToHex, type Hex } from 'viem';
import { describe, expect, it } from 'vitest';
import {
  basisOfAlignment,
  basisOfOpening,
  basisOfProposal,
  basisOfProvenSum,
  basisOfSum,
  digestOfReferences,
  drawCommitment,
  encryptionBinding,
  epochId,
  keyHash,
  topicOf,
  voteCommitment,
} from '../../../node/protocol/index.ts';

/** Words in hexadecimal; small numbers in decimal digits. */
type Fields = Record<string, Hex>;
type Vectors = Record<'draw' | 'opening' | 'proposal' | 'epoch' | 'topic' | 'encryption', Fields> & {
  readonly vote: Record<
    'task' | 'round' | 'validator' | 'model' | 'references' | 'salt' | 'commitment',
    Hex
  > &
    Record<'quality' | 'qualityBefore', number>;
  readonly sum: { x: Hex[]; y: Hex[]; hash: Hex };
  readonly references: { x: Hex[]; y: Hex[]; hash: Hex };
  readonly provenSum: { previous: Hex; sum: string; digests: Hex[]; hash: Hex };
  readonly verifyingKey: Record<'alpha' | 'beta' | 'gamma' | 'delta' | 'tau', Hex[]> & {
    ic: Hex[][];
    bases: Hex;
    withBases: Hex;
    withTau: Hex;
  };
  readonly alignment: { hUpdate: Hex[]; references: Hex; hash: Hex };
};
const vectors: Vectors = JSON.parse(
  readFileSync(new URL('../../vectors/hashes.json', import.meta.url), 'utf8'),
);

const points = ({ x, y }: { x: Hex[]; y: Hex[] }) =>
  x.map((word, i) => ({ x: BigInt(word), y: BigInt(y[i]!) }));

describe('commitments to secrets', () => {
  it('of the draw', () => {
    const { secret, account, commitment } = vectors.draw;
    expect(drawCommitment(secret!, account!)).toBe(commitment);
  });

  it('of a vote', () => {
    const { task, round, validator, model, references, quality, qualityBefore, salt, commitment } =
      vectors.vote;
    const ballot = { task: BigInt(task!), round: Number(round), validator: validator! };
    const vote = { model, references, quality, before: qualityBefore, salt };
    expect(voteCommitment(ballot, vote)).toBe(commitment);
  });
});

describe('bases', () => {
  it('of a round that opens', () => {
    const { previous, model, scale, hash } = vectors.opening;
    expect(basisOfOpening(previous!, model!, BigInt(scale!))).toBe(hash);
  });

  it('of a round after a proposal', () => {
    const { previous, proposer, digest, hash } = vectors.proposal;
    expect(basisOfProposal(previous!, proposer!, digest!)).toBe(hash);
  });

  it('of a sum', () => {
    expect(basisOfSum(points(vectors.sum))).toBe(vectors.sum.hash);
  });

  it('of a round after a proven sum', () => {
    const { previous, sum, digests, hash } = vectors.provenSum;
    expect(basisOfProvenSum(previous, Number(sum), digests)).toBe(hash);
  });

  it("of a vote's references", () => {
    expect(digestOfReferences(points(vectors.references))).toBe(vectors.references.hash);
  });

  it('of an alignment', () => {
    const { hUpdate, references, hash } = vectors.alignment;
    expect(basisOfAlignment({ hUpdate: hUpdate.map(BigInt), references })).toBe(hash);
  });
});

describe('verifying keys', () => {
  it('with the tau of their openings, or with their bases', () => {
    const { alpha, beta, gamma, delta, ic, tau, bases, withTau, withBases } = vectors.verifyingKey;
    const g1 = (words: readonly Hex[]) => ({ x: BigInt(words[0]!), y: BigInt(words[1]!) });
    const g2 = (words: readonly Hex[]) => {
      const [xImaginary, xReal, yImaginary, yReal] = words.map(BigInt) as [bigint, bigint, bigint, bigint];
      return { x: { c0: xReal, c1: xImaginary }, y: { c0: yReal, c1: yImaginary } };
    };
    const key = {
      alpha: g1(alpha),
      beta: g2(beta),
      gamma: g2(gamma),
      delta: g2(delta),
      ic: ic.map(g1),
    };
    expect(keyHash(key, g2(tau))).toBe(withTau);
    expect(keyHash({ ...key, bases }, g2(tau))).toBe(withBases);
  });
});

describe('names', () => {
  it('of a key generation', () => {
    const { chainId, marketplace, task, number, hash } = vectors.epoch;
    const generation = {
      chainId: Number(chainId),
      marketplace: marketplace!,
      task: BigInt(task!),
      number: Number(number),
    };
    expect(bytesToHex(epochId(generation))).toBe(hash);
  });

  it('of a topic', () => {
    const { number, hash } = vectors.topic;
    expect(topicOf('decryption', Number(number))).toBe(hash);
  });

  it('of what an encryption proof is bound to', () => {
    const { chainId, contract, task, round, sender, hash } = vectors.encryption;
    const binding = {
      subject: 'probe',
      chainId: Number(chainId),
      contract: contract!,
      task: BigInt(task!),
      round: Number(round),
      sender: sender!,
    } as const;
    expect(bytesToHex(encryptionBinding(binding))).toBe(hash);
  });
});
