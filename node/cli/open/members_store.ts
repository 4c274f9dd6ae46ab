// The store between members, as the command line opens it: for a role, with its account's peer; for somebody who only
// looks, with a peer that nobody knows.
import { randomBytes } from 'node:crypto';
import type { Deployment } from '@murmuration/contracts';
import { type PostedTask, readStake } from '../../chain/index.ts';
import { createMembersStore, type Progress } from '../../exchange/index.ts';
import {
  createAddressBook,
  createPeer,
  isDirect,
  peerKey,
  peerLimits,
  type Reachability,
  withPeer,
} from '../../peer/index.ts';
import { createPeerPlace, type Member, memberPeer, type PeerPlace, toldOf } from '../../roles/index.ts';
import {
  type ContentStore,
  createFolderStore,
  createTaskContents,
  patientStore,
  type TaskContents,
} from '../../store/index.ts';
import { contentFolder, draftsFolder, type StoreSettings } from './content_place.ts';

const gib = 2 ** 30;
/** Bytes from which on a content's way here is told. */
const large = 8 * 2 ** 20;

/** A role's store, and the peer that it shares with its rings. */
export interface MembersStore {
  readonly store: ContentStore;
  readonly place: PeerPlace;
  /** Says how the task stands: its contents may go when its appeals are over. */
  keep(posted: PostedTask): Promise<void>;
}

/** Whose store it is. */
export interface MembersStorePlan {
  readonly member: Member;
  readonly posted: PostedTask;
  readonly reachability: Reachability;
  readonly say: (text: string) => void;
}

/** The store of a member of a task, started. */
export async function openMembersStore(
  settings: StoreSettings,
  { member, posted, reachability, say }: MembersStorePlan,
): Promise<MembersStore> {
  const { client, deployment, secretBox, signer, log } = member;
  const chain = member.chain(posted.task);
  const place = await createPeerPlace({
    chain,
    secretBox,
    signer,
    reachability,
    guests: true,
    onNews: (news) => say(toldOf(news)),
    log,
    // Members are known by the peer of their keys, from the key generation on; before, and for provers, whoever has
    // stake takes part: strangers would have to risk some.
    async mayJoin(account, peer) {
      const registered = memberPeer(chain, account);
      if (registered !== undefined) return registered === peer;
      if (account === posted.planner) return true;
      return (await readStake(client, deployment, account)).bonded > 0n;
    },
  });
  const blocks = await contentsOf(settings, deployment, posted);
  const opened = createMembersStore({
    ...place,
    blocks,
    contacts: settings.peer ?? [],
    tell: say,
    progress: progressTo(say),
  });
  await opened.start();
  return { store: patientStore(opened), place, keep: (as) => keep(blocks, as) };
}

/** The store of somebody without a place in the task, not yet started. */
export async function onlookersStore(
  settings: StoreSettings,
  deployment: Deployment,
  posted: PostedTask,
): Promise<ContentStore> {
  const domain = { chainId: deployment.chainId, contract: deployment.rounds };
  // Whom it is told of, it may ask: contents are verified, whoever sends them.
  const book = createAddressBook(domain, () => true);
  const key = await peerKey(randomBytes(32));
  const blocks = await contentsOf(settings, deployment, posted);
  if (!settings.peer?.length) return blocks;
  return createMembersStore({
    peer: createPeer({ key, directory: book, listen: [], limits: peerLimits() }),
    book,
    blocks,
    contacts: settings.peer,
    registration: undefined,
    tell: () => undefined,
  });
}

/** Says what others give to --peer. */
export function tellAddresses({ peer }: Pick<PeerPlace, 'peer'>, say: (text: string) => void): void {
  for (const address of peer.addresses())
    if (isDirect(address)) say(`others reach it with --peer ${withPeer(address, peer.id)}`);
}

/** This machine's contents of a task, with what was kept for it before it was posted. */
async function contentsOf(
  settings: StoreSettings,
  deployment: Deployment,
  posted: PostedTask,
): Promise<TaskContents> {
  const { parameters } = posted;
  const contents = createTaskContents({
    root: contentFolder(settings),
    scope: `${deployment.chainId}/${deployment.marketplace.toLowerCase()}/${posted.task}`,
    limit: settings.disk * gib,
  });
  const drafts = createFolderStore(draftsFolder(settings));
  await Promise.all([contents.start(), drafts.start()]);
  for (const digest of [parameters.metadata, parameters.model])
    if (!(await contents.has(digest)) && (await drafts.has(digest)))
      await contents.put(await drafts.get(digest, { maxBytes: 64 * 2 ** 20 }));
  await keep(contents, posted);
  return contents;
}

/** Members may appeal, and ask for contents, until their stake is free. */
async function keep(contents: TaskContents, { status, deadline, deadlines }: PostedTask): Promise<void> {
  if (status !== 'ended' && status !== 'cancelled') return;
  await contents.keepUntil(deadline + BigInt(deadlines.appeal));
}

/** Tells of a large content when it is begun, and when it is here. */
function progressTo(say: (text: string) => void): Progress {
  const begun = new Set<string>();
  const size = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return (digest, done, of) => {
    if (of < large) return;
    if (done === of) {
      begun.delete(digest);
      say(`has content ${digest}, ${size(of)}`);
    } else if (!begun.has(digest)) {
      begun.add(digest);
      say(`fetches content ${digest}, ${size(of)}`);
    }
  };
}
