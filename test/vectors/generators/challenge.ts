// challenge.json: tags, the ids of presets, and challenges as the contract computes them.
import { fieldOrder, presetNames } from '@murmuration/core';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { type ChallengeInput, challenge, challengeSubjects } from '../../../prover/challenge.ts';
import { toField } from '../../../prover/field.ts';
import { presets } from '../../../prover/presets.ts';
import { source } from '../random.ts';
import { hex, hexBytes } from '../write.ts';

// Twice the generator of G1 (EIP-196).
const doubled = {
  x: 1368015179489954701390400359078579693043519447331113978918064868415326638035n,
  y: 9918110051302171585080402603319702774565515993150576347155970296011118125764n,
};

export function challengeVectors() {
  const random = source('challenge');
  const address = () => hexBytes(random.bytes(20));
  const cases: [string, ChallengeInput][] = challengeSubjects.map((subject, i) => [
    `a random ${subject}`,
    {
      subject,
      chainId: 31337n,
      contract: address(),
      task: BigInt(i + 1),
      round: BigInt(random.integer(0, 1000)),
      sender: address(),
      chunk: BigInt(i),
      commitment: i % 2 === 0 ? { x: 1n, y: 2n } : doubled,
      h: toField(random.word()),
      digest: random.bytes(32),
    },
  ]);
  const [, first] = cases[0]!;
  cases.push(['the same from another sender', { ...first, sender: address() }]);
  cases.push(['the same on another chain', { ...first, chainId: 1n }]);
  cases.push(['the commitment at infinity', { ...first, commitment: { x: 0n, y: 0n } }]);
  cases.push([
    'every word as large as it can be',
    {
      subject: 'probe-sum',
      chainId: 2n ** 256n - 1n,
      contract: `0x${'f'.repeat(40)}`,
      task: 2n ** 256n - 1n,
      round: 2n ** 256n - 1n,
      sender: `0x${'f'.repeat(40)}`,
      chunk: 2n ** 256n - 1n,
      commitment: doubled,
      h: fieldOrder - 1n,
      digest: new Uint8Array(32).fill(255),
    },
  ]);
  return {
    about: 'gamma = keccak256(abi.encode(tag, chainId, contract, task, round, sender, chunk, C.x, C.y, h, d)) mod r',
    presets: presetNames.map((name) => ({ name, id: presets[name].id })),
    tags: challengeSubjects.map((subject) => ({
      subject,
      tag: hexBytes(keccak_256(utf8ToBytes(`murmuration/v1/challenge/${subject}`))),
    })),
    cases: cases.map(([name, input]) => ({
      name,
      subject: input.subject,
      chainId: hex(input.chainId),
      contract: input.contract,
      task: hex(input.task),
      round: hex(input.round),
      sender: input.sender,
      chunk: hex(input.chunk),
      commitment: [hex(input.commitment.x), hex(input.commitment.y)],
      h: hex(input.h),
      digest: hexBytes(input.digest),
      gamma: hex(challenge(input)),
    })),
  };
}
