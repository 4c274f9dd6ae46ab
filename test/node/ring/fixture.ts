// Rings on real sockets: started peers with accounts, random residues in place of ciphertexts, and their true
// sum.
import { shake256 } from '@noble/hashes/sha3.js';
import { keccak256 } from 'viem';
import {
  createRingService,
  type RingPlan,
  type RingService,
  type RingTiming,
  type Shape,
} from '../../../node/ring/index.ts';
import { domain, federation, type Member, stopAll } from '../peer/fixture.ts';

export const shape: Shape = {
  moduli: [0x1fffffff0001n, 0x1ffffff8a001n, 0x1fffffff0001n, 0x1ffffff8a001n],
  coefficients: 256,
};

export interface RingMember extends Member {
  rings: RingService;
}

export interface Setting {
  members: RingMember[];
  plan: RingPlan;
  vectors: BigUint64Array[];
  load: (addend: number) => Promise<BigUint64Array>;
  sum: BigUint64Array;
  stop: () => Promise<void>;
}

/**
 * Short waiting times, for tests in which somebody is waited for in vain. A sum must be right however slow
 * the machine.
 */
export const quick = { hop: 500, tries: 3, join: 5_000, attempt: 15_000 };

/** A vector of residues that anyone can make again from its seed (SHAKE-256). */
export function vectorOf(seed: number, { moduli, coefficients }: Shape): BigUint64Array {
  const bytes = shake256(Uint8Array.of(seed), { dkLen: moduli.length * coefficients * 8 });
  const words = new BigUint64Array(bytes.buffer, bytes.byteOffset, moduli.length * coefficients);
  return words.map((word, i) => word % moduli[Math.floor(i / coefficients)]!);
}

/** The sum as the definition has it, one coefficient after the other. */
export function trueSum(plan: RingPlan, vectors: readonly BigUint64Array[]): BigUint64Array {
  const { moduli, coefficients } = plan.shape;
  return BigUint64Array.from({ length: moduli.length * coefficients }, (_, i) => {
    const total = vectors.reduce((sum, vector, j) => sum + plan.addends[j]!.weight * vector[i]!, 0n);
    return total % moduli[Math.floor(i / coefficients)]!;
  });
}

/** A plan over accounts in their order; one addend each, weights 1, 2, 3. */
export function planOf(accounts: readonly `0x${string}`[], form: Shape = shape): RingPlan {
  return {
    domain,
    task: 7n,
    round: 3n,
    subject: 'update-sum',
    members: accounts,
    addends: accounts.map((author, i) => ({
      author,
      weight: BigInt((i % 3) + 1),
      digests: [keccak256(Uint8Array.of(i))],
    })),
    shape: form,
  };
}

/** `count` members, started, that know each other, and a plan with an addend of each. */
export async function ringOf(count: number, form: Shape = shape): Promise<Setting> {
  const members = (await federation(count)).map((member) => ({
    ...member,
    rings: createRingService(member.peer),
  }));
  for (const { rings } of members) rings.start();
  const plan = planOf(
    members.map(({ account }) => account.address),
    form,
  );
  const vectors = plan.addends.map((_, i) => vectorOf(i, form));
  return {
    members,
    plan,
    vectors,
    load: async (addend) => vectors[addend]!,
    sum: trueSum(plan, vectors),
    async stop() {
      await Promise.all(members.map(({ rings }) => rings.stop()));
      await stopAll(members);
    },
  };
}

/** Opens the plan at each of the members given (all by default). */
export function openAll(
  setting: Setting,
  who: readonly RingMember[] = setting.members,
  timing: Partial<RingTiming> = {},
) {
  return who.map(({ rings, account }) =>
    rings.open({ plan: setting.plan, signer: account, load: setting.load, timing }),
  );
}
