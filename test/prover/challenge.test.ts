// The challenge, against an ABI encoder that is not this code's, and what it binds.

import { readFileSync } from 'node:fs';
import { fieldOrder } from '@murmuration/core';
import { encodeAbiParameters, keccak256, stringToHex } from 'viem';
import { describe, expect, it } from 'vitest';
import { type ChallengeInput, challenge } from '../../prover/challenge.ts';

interface Case {
  name: string;
  subject: ChallengeInput['subject'];
  chainId: `0x${string}`;
  contract: `0x${string}`;
  task: `0x${string}`;
  round: `0x${string}`;
  sender: `0x${string}`;
  chunk: `0x${string}`;
  commitment: [`0x${string}`, `0x${string}`];
  h: `0x${string}`;
  digest: `0x${string}`;
  gamma: `0x${string}`;
}
const { cases } = JSON.parse(readFileSync(new URL('../vectors/challenge.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

function parse(one: Case): ChallengeInput {
  return {
    subject: one.subject,
    chainId: BigInt(one.chainId),
    contract: one.contract,
    task: BigInt(one.task),
    round: BigInt(one.round),
    sender: one.sender,
    chunk: BigInt(one.chunk),
    commitment: { x: BigInt(one.commitment[0]), y: BigInt(one.commitment[1]) },
    h: BigInt(one.h),
    digest: Uint8Array.from(Buffer.from(one.digest.slice(2), 'hex')),
  };
}

describe('challenge', () => {
  it.each(cases)('$name: as viem encodes and hashes it', (one) => {
    const types = ['bytes32', 'uint256', 'address', 'uint256', 'uint256', 'address', 'uint256'] as const;
    const rest = ['uint256', 'uint256', 'uint256', 'bytes32'] as const;
    const encoded = encodeAbiParameters(
      [...types, ...rest].map((type) => ({ type })),
      [
        keccak256(stringToHex(`murmuration/v1/challenge/${one.subject}`)),
        BigInt(one.chainId),
        one.contract,
        BigInt(one.task),
        BigInt(one.round),
        one.sender,
        BigInt(one.chunk),
        BigInt(one.commitment[0]),
        BigInt(one.commitment[1]),
        BigInt(one.h),
        one.digest,
      ],
    );
    expect(BigInt(keccak256(encoded)) % fieldOrder).toBe(BigInt(one.gamma));
    expect(challenge(parse(one))).toBe(BigInt(one.gamma));
  });

  it('changes with each thing that it binds', () => {
    const base = parse(cases[0]!);
    const flipped = base.digest.slice();
    flipped[31] = flipped[31]! ^ 1;
    const others: ChallengeInput[] = [
      { ...base, subject: 'probe' },
      { ...base, chainId: base.chainId + 1n },
      { ...base, contract: base.sender },
      { ...base, task: base.task + 1n },
      { ...base, round: base.round + 1n },
      { ...base, sender: base.contract },
      { ...base, chunk: base.chunk + 1n },
      { ...base, commitment: { x: 0n, y: 0n } },
      { ...base, h: base.h - 1n },
      { ...base, digest: flipped },
    ];
    expect(new Set([base, ...others].map(challenge)).size).toBe(others.length + 1);
  });

  it('takes words up to the last one', () => {
    const base = parse(cases[0]!);
    const ends = [0n, 2n ** 256n - 1n].map((task) => challenge({ ...base, task }));
    expect(new Set(ends).size).toBe(2);
  });

  it.each<[string, Partial<ChallengeInput>, RegExp]>([
    ['an address without checks', { contract: '0x12' }, /contract is "0x12"/],
    ['a negative round', { round: -1n }, /round is -1/],
    ['a task beyond a word', { task: 2n ** 256n }, /task is/],
    ['a chunk that is no big integer', { chunk: 3 as never }, /chunk is 3, but a word of the ABI/],
    ['a chain that is named by text', { chainId: '1' as never }, /chainId is 1, but a word of the ABI/],
    ['an alias of h', { h: fieldOrder }, /h is/],
    ['a digest that is too short', { digest: new Uint8Array(31) }, /digest has 31 bytes/],
    ['a commitment off the curve', { commitment: { x: 1n, y: 1n } }, /not on BN254/],
    ['a commitment with y = 0', { commitment: { x: 1n, y: 0n } }, /not on BN254/],
    ['a subject that is none', { subject: 'sum' as 'probe' }, /subject is sum/],
  ])('refuses %s', (_, change, message) => {
    expect(() => challenge({ ...parse(cases[0]!), ...change })).toThrow(message);
  });
});
