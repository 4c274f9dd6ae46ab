// The court of a role: its chain, its store and the key that its task runs under.
import { getAddress } from 'viem';
import type { Court, RunningKey } from '../../disputes/index.ts';
import { runningKeyGroup } from '../key/keying.ts';
import type { RoleContext } from '../runtime/context.ts';

/** What a court is made of; people who look have no storage, and need none. */
export type CourtContext = Pick<RoleContext, 'chain' | 'store' | 'he' | 'prover'>;

/** Gives courts for one look each. @param chunks of every submission and sum. */
export function createCourt(context: CourtContext, chunks: number): (signal?: AbortSignal) => Court {
  const { chain, store, he, prover } = context;
  let known: Promise<RunningKey> | undefined;
  async function running(): Promise<RunningKey> {
    const group = await runningKeyGroup(context);
    return { group, trainers: chain.journal.epochs.get((await chain.state()).epoch)!.trainers };
  }
  function key(): Promise<RunningKey> {
    const read = known ?? running();
    known = read;
    read.catch(() => {
      known = undefined;
    });
    return read;
  }
  return (signal) => ({
    domain: { chainId: chain.chainId, contract: getAddress(chain.rounds) },
    task: chain.task,
    journal: chain.journal,
    he,
    prover,
    store,
    chunks,
    key,
    signal,
  });
}
