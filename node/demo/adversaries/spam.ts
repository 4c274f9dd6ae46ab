// Posts 100,000 digests on the bulletin that mean nothing, so that who reads it has much to read. It has no seat: a
// prover is any account.
import { bulletinAbi } from '@murmuration/contracts';
import {
  type Address,
  concatHex,
  createWalletClient,
  custom,
  type Hex,
  numberToHex,
  pad,
  size,
  toFunctionSelector,
} from 'viem';
import { topicOf } from '../../protocol/index.ts';
import { type Adversary, over } from './adversary.ts';

/** Posts in all. */
export const spamPosts = 100_000;

/** Posts of one transaction. */
const batch = 3000;

/** Gas that so many posts take at most. An estimate would let the last one fail, which the loop does not notice. */
export const floodGas = (count: number): bigint => 200_000n + 4_500n * BigInt(count);

/** What is posted: digests from `count` down to 1, under one topic. */
export interface Flood {
  readonly bulletin: Address;
  readonly task: bigint;
  readonly topic: Hex;
  readonly count: number;
}

/**
 * The creation code of a contract that posts while it is created, and leaves nothing behind: a loop over
 * `Bulletin.post`. Each transaction's posts are of another sender, its contract.
 */
export function floodCode({ bulletin, task, topic, count }: Flood): Hex {
  const push = (bytes: Hex) => concatHex([numberToHex(0x5f + size(bytes), { size: 1 }), bytes]);
  const byte = (value: number) => push(numberToHex(value, { size: 1 }));
  const store = (word: Hex, at: number) => concatHex([push(word), byte(at), '0x52']);
  const selector = toFunctionSelector(
    bulletinAbi.find((entry) => entry.type === 'function' && entry.name === 'post')!,
  );
  // The call's data: selector, task, topic, digest; the digest is the counter on the stack.
  const before = concatHex([
    store(pad(selector, { dir: 'right' }), 0),
    store(numberToHex(task, { size: 32 }), 4),
    store(topic, 36),
    push(numberToHex(count, { size: 4 })),
  ]);
  const dest = numberToHex(size(before), { size: 2 });
  return concatHex([
    before,
    '0x5b', // JUMPDEST
    ...['0x80' as const, byte(68), '0x52' as const], // DUP1, MSTORE at 68
    ...[byte(0), byte(0), byte(100), byte(0), byte(0), push(bulletin), '0x5a' as const], // GAS
    ...['0xf1' as const, '0x50' as const], // CALL, POP
    ...[byte(1), '0x90' as const, '0x03' as const], // SWAP1, SUB
    ...['0x80' as const, push(dest), '0x57' as const], // DUP1, JUMPI
    '0x00', // STOP
  ]);
}

export const spam: Adversary = {
  seat: 'prover',
  disguise: () => ({
    services(own, { client, deployment, signer }) {
      const { chain } = own;
      const wallet = createWalletClient({ account: signer, transport: custom(client) });
      let left = spamPosts;
      async function post(): Promise<void> {
        const round = chain.journal.rounds.at(-1)?.number;
        if (round === undefined || left === 0) return;
        const count = Math.min(left, batch);
        const topic = topicOf('decryption', round);
        const data = floodCode({ bulletin: deployment.bulletin, task: chain.task, topic, count });
        const hash = await wallet.sendTransaction({ data, gas: floodGas(count), chain: null });
        await client.waitForTransactionReceipt({ hash });
        left -= count;
        const text = `has posted ${spamPosts - left} digests that mean nothing`;
        own.observe({ type: 'step', account: chain.account, role: own.name, text });
      }
      const posting = over(chain, {
        async refresh() {
          await chain.refresh();
          await post();
        },
        // It does nothing else: its account's transactions would get in each other's way.
        stage: async () => ({ ...(await chain.stage()), phase: 'closed' }),
        advance: async () => false,
      });
      return { ...own, chain: posting };
    },
  }),
};
