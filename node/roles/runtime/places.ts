// Which task a state folder and its seeds are of: one task of one history of a chain. A development chain that is begun
// anew has tasks of the same numbers at the same contracts, and a chain that lies may say what it likes; neither may
// have a member use one memory for two tasks, nor forget what it has shown of one.
//
// What decides is the member's own application on chain. It carries the commitment to a secret that only this account
// can derive, and only for the post that it joined: so fresh memory is given to who has joined the post, and a post
// that a reorganisation has moved is still the one that was joined.
import { marketplaceAbi, roles } from '@murmuration/contracts';
import type { Hash, PublicClient } from 'viem';
import { z } from 'zod';
import { type Origin, readPosting } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import type { DocumentForm, State } from '../../state/index.ts';
import { entropyOf, type JoiningAccount, type TaskPlace, taskName } from './seeds.ts';

/** The places that a state folder remembers something of. */
export interface Places {
  /**
   * Notes the post that is about to be joined.
   * @throws NodeError `chain` while the post is not deep enough in the chain to stay where it is.
   */
  enter(place: TaskPlace): Promise<void>;
  /**
   * The place of a task that the account has joined.
   * @throws NodeError `state` where its application is of another post.
   */
  resume(task: bigint): Promise<TaskPlace>;
  /**
   * Checks that a task is still the one of the place, where its post is found in another block.
   * @throws NodeError `state` where it is not: then nothing of the place may be used for it.
   */
  check(place: TaskPlace, found: Origin): Promise<void>;
}

/** Whose places, in which folder, on which chain. */
export interface PlacesSettings {
  readonly state: State;
  readonly client: PublicClient;
  readonly owner: JoiningAccount;
  /** Blocks that must lie above a post before it is joined. */
  readonly confirmations: number;
}

/** By name of the task, where it was posted. */
const originsForm: DocumentForm<Record<string, { block: string; hash: string }>> = {
  name: 'origins',
  version: 1,
  schema: z.record(
    z.string(),
    z.strictObject({ block: z.string().regex(/^\d+$/), hash: z.string().regex(/^0x[0-9a-f]{64}$/) }),
  ),
};

/** The places of an account's state folder. */
export function openPlaces({ state, client, owner, confirmations }: PlacesSettings): Places {
  const { deployment, signer } = owner;
  const origins = state.document(originsForm);
  async function known(task: bigint): Promise<Origin | undefined> {
    const found = (await origins.read())?.[taskName(deployment, task)];
    return found && { block: BigInt(found.block), hash: found.hash as Hash };
  }
  async function note({ task, origin: { block, hash } }: TaskPlace): Promise<void> {
    await origins.update((all) => ({ ...all, [taskName(deployment, task)]: { block: `${block}`, hash } }));
  }

  /** The post in the block where it was seen before, if it is still there: a question instead of a search. */
  async function stands({ block, hash }: Origin): Promise<boolean> {
    const found = await client.getBlock({ blockNumber: block }).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'BlockNotFoundError') return undefined;
      throw error;
    });
    return found?.hash === hash;
  }

  /** Whether this account's application is of a post; undefined where it has applied for no seat. */
  async function isOf(place: TaskPlace): Promise<boolean | undefined> {
    const { role, entropy } = await client.readContract({
      address: deployment.marketplace,
      abi: marketplaceAbi,
      functionName: 'applicantOf',
      args: [place.task, signer.address],
    });
    return roles[role] === 'none' ? undefined : entropy === entropyOf(owner, place).entropy;
  }

  const another = (task: bigint, found: Origin, before: Origin | undefined) =>
    new NodeError(
      'state',
      `${signer.address} did not join task ${task} as block ${found.block} (${found.hash}) posted it` +
        (before ? `, but as block ${before.block} (${before.hash}) did: what ${state.folder} remembers` : ''),
      {
        mend:
          'If the chain was begun anew, join the task that is there now: nothing that was remembered is used ' +
          'for it. Otherwise set another --rpc, or the --state that it was joined with. Where an older release ' +
          'joined it, go on with that release until the task is over.',
        prospect: 'final',
      },
    );

  return {
    async enter(place) {
      const { task, origin } = place;
      const above = (await client.getBlockNumber()) - origin.block;
      if (above < confirmations)
        throw new NodeError(
          'chain',
          `task ${task}: ${above} blocks lie above the one that posted it, but ${confirmations} are waited for ` +
            'before it is joined',
          { mend: 'Try again in a minute.', prospect: 'passing' },
        );
      await note(place);
    },

    async resume(task) {
      const before = await known(task);
      const kept = before && (await stands(before));
      const origin = kept ? before : (await readPosting(client, deployment, task)).origin;
      const place = { task, origin };
      const joined = await isOf(place);
      // Who has not applied has nothing to forget, unless it has.
      if (joined ?? (before === undefined || kept)) {
        if (!kept) await note(place);
        return place;
      }
      if (before && (await isOf({ task, origin: before }))) return { task, origin: before };
      throw another(task, origin, before);
    },

    async check(place, found) {
      if (found.hash === place.origin.hash || (await isOf(place))) return;
      throw another(place.task, found, place.origin);
    },
  };
}
