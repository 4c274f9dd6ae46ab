// A small federation in this process, run to the end of its task.
import { setTimeout as sleep } from 'node:timers/promises';
import { disguised } from '../../node/demo/adversaries/adversary.ts';
import {
  createThrowawayFederation,
  type LocalFederation,
  type LocalInput,
  runToEnd,
} from '../../node/local/index.ts';
import type { Disguise, RoleEvent } from '../../node/roles/index.ts';
import { cacheFolder } from '../cache_folder.ts';

const small = { preset: 'tiny', trainers: 3, validators: 2 } as const;

/** Hears of every step of the federation, and may meddle with it. */
export type Watch = (event: RoleEvent, federation: LocalFederation) => void;

/**
 * Runs a federation below `folder` until its task is over. `prepare` sees it before it starts, `last` before it stops.
 * Where `wrong-sum` is among its adversaries, the honest prover lets it be first.
 */
export async function runFederation(
  folder: string,
  input: LocalInput,
  watch: Watch,
  prepare: (federation: LocalFederation) => void = () => undefined,
  last?: (federation: LocalFederation) => Promise<void>,
): Promise<LocalFederation> {
  let running: LocalFederation | undefined;
  const federation = await createThrowawayFederation({ ...small, ...input }, folder, {
    cacheFolder,
    observe: (event) => running && watch(event, running),
    say: () => undefined,
    ...(input.adversary?.includes('wrong-sum') && { disguise: honestProverLast }),
  });
  running = federation;
  prepare(federation);
  await runToEnd(federation, last);
  return federation;
}

/**
 * Lets the honest prover send each round's sums once another prover's has been refused: on a busy machine its proof may
 * be done before `wrong-sum`, which makes none, has got its turn.
 */
export const honestProverLast = (member: string): Disguise =>
  member === 'prover'
    ? disguised('chain', ({ chain }) => ({
        async submitSum(number, sum) {
          const waits = async (): Promise<boolean> => {
            await chain.refresh();
            const last = chain.journal.rounds.at(-1);
            return last?.number === sum.round && !last.sums.has(number) && last.rejectedSums.length === 0;
          };
          while (await waits()) await sleep(100);
          return chain.submitSum(number, sum);
        },
      }))
    : {};
