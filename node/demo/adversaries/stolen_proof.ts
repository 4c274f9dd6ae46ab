// Sends what another trainer has sent, proofs and all: it reads it out of the other's transaction.
import { setTimeout as sleep } from 'node:timers/promises';
import { roundsAbi } from '@murmuration/contracts';
import { type Address, decodeFunctionData } from 'viem';
import type { SubmissionCall, TaskChain } from '../../chain/index.ts';
import type { Disguise } from '../../roles/index.ts';
import { type Adversary, over } from './adversary.ts';

type Services = NonNullable<Disguise['services']>;
type Place = Parameters<Services>[1];

/** Milliseconds between two looks for somebody to steal from. */
const pause = 250;

/** Waits until another trainer's update of the round was accepted; undefined where the phase ends before. */
async function victimIn(chain: TaskChain, round: number): Promise<Address | undefined> {
  for (;;) {
    await chain.refresh();
    const entry = chain.journal.rounds.find(({ number }) => number === round);
    if (entry?.phase !== 'submit') return undefined;
    const [first] = entry.submitted.update;
    if (first) return first.sender;
    await sleep(pause);
  }
}

/** The chunks that an account sent in a round. */
async function chunksOf(
  { client, deployment }: Place,
  args: { readonly task: bigint; readonly round: bigint; readonly sender: Address },
): Promise<SubmissionCall['chunks']> {
  const event = { address: deployment.rounds, abi: roundsAbi, eventName: 'Submitted', args } as const;
  const [log] = await client.getContractEvents({ ...event, fromBlock: BigInt(deployment.fromBlock) });
  const { input } = await client.getTransaction({ hash: log!.transactionHash });
  const call = decodeFunctionData({ abi: roundsAbi, data: input });
  if (call.functionName !== 'submitUpdate') throw new Error(`${call.functionName} is no update`);
  return call.args[3];
}

export const stolenProof: Adversary = {
  seat: 'trainer',
  sendsInvalid: true,
  disguise: () => ({
    services(own, place) {
      const { chain } = own;
      const stealing = over(chain, {
        async submit(subject, submission) {
          const sender = await victimIn(chain, submission.round);
          if (!sender) return;
          const args = { task: chain.task, round: BigInt(submission.round), sender };
          await chain.submit(subject, { ...submission, chunks: await chunksOf(place, args) });
        },
      });
      return { ...own, chain: stealing };
    },
  }),
};
