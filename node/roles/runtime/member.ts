// An account at work: its connection to the chain, its sealed memory on disk, and what it may do. One process to a state folder.

import type { Deployment } from '@murmuration/contracts';
import {
  bytesToHex,
  encodeAbiParameters,
  type Hex,
  keccak256,
  type PublicClient,
  parseAbiParameters,
} from 'viem';
import {
  type AccountActions,
  connect,
  createActions,
  createTaskChain,
  type FollowSettings,
  type SenderSettings,
  type TaskChain,
} from '../../chain/index.ts';
import type { SecretBox, UnlockedAccount } from '../../keystore/index.ts';
import { openState } from '../../state/index.ts';
import type { Memory } from './context.ts';
import type { Observer } from './observer.ts';
import { createMemory } from './storage.ts';

/** How an account reaches its chain. */
export interface ChainSettings {
  url: string;
  deployment: Deployment;
  follow: FollowSettings;
  sender: SenderSettings & { pollingInterval?: number };
}

export interface MemberSettings {
  /** For logs: `trainer 2`, say. */
  name: string;
  unlocked: UnlockedAccount;
  chain: ChainSettings;
  /** Its folder of state. */
  folder: string;
  observe: Observer;
}

export interface Member {
  readonly name: string;
  readonly actions: AccountActions;
  readonly client: PublicClient;
  readonly box: SecretBox;
  readonly deployment: Deployment;
  /** What it remembers of a task. */
  memory(task: bigint): Memory;
  readonly signer: UnlockedAccount['account'];
  /** The chain as this account sees a task; one for each task, however often it is asked for. */
  chain(task: bigint): TaskChain;
  /** Lets go of the state folder. */
  close(): Promise<void>;
}

/** Connects an account and opens its memory. @throws where another process has the folder, or the chain is another one. */
export async function createMember(settings: MemberSettings): Promise<Member> {
  const { name, unlocked, folder, observe } = settings;
  const { account: signer, box } = unlocked;
  const { url, deployment, follow } = settings.chain;
  const { client, sender } = await connect(url, signer, deployment, settings.chain.sender);
  const state = await openState(folder);
  const chains = new Map<bigint, TaskChain>();
  const onTransaction = (call: string, gas: bigint) => {
    const [chain] = chains.values();
    const round = chain?.journal.rounds.at(-1)?.number ?? 0;
    observe({ type: 'transaction', account: signer.address, round, call, gas });
  };
  return {
    name,
    signer,
    box,
    client,
    actions: createActions(client, sender, deployment, onTransaction),
    deployment,
    memory: (task) => createMemory(state, box, placeOf(deployment, task)),
    chain(task) {
      const known = chains.get(task);
      if (known) return known;
      const chain = createTaskChain({ client, sender, deployment, task, follow, onTransaction });
      chains.set(task, chain);
      return chain;
    },
    close: () => state.close(),
  };
}

/** A task among all tasks of all deployments: what is derived or remembered for one serves no other. */
const placeOf = ({ chainId, marketplace }: Deployment, task: bigint): string =>
  `${chainId}/${marketplace.toLowerCase()}/${task}`;

/** A seed that an account has for a task, the same at every start. */
export const seedOf = (
  { box, deployment }: Pick<Member, 'box' | 'deployment'>,
  purpose: string,
  task: bigint,
): Hex => bytesToHex(box.seed(`${purpose}/${placeOf(deployment, task)}`));

/**
 * A member's secret for the draw and the commitment to it: derived, so that a restart knows it; of this deployment's task alone,
 * since what was revealed for one draw must not foretell another.
 */
export function entropyOf(member: Pick<Member, 'box' | 'signer' | 'deployment'>, task: bigint) {
  const { signer } = member;
  const secret = seedOf(member, 'draw', task);
  const layout = encodeAbiParameters(parseAbiParameters('bytes32, address'), [secret, signer.address]);
  return { secret, entropy: keccak256(layout) };
}

/** A place on a task's allow-list; an open task gives everybody weight 1. */
export interface Listing {
  weight: number;
  proof: Hex[];
}

/**
 * Bonds what is missing and applies for a seat. It can be repeated after a crash: stake that is bonded is not bonded again.
 * @returns false when the account has applied already.
 */
export async function applyForSeat(
  member: Pick<Member, 'actions' | 'box' | 'signer' | 'deployment'>,
  task: bigint,
  role: 'trainer' | 'validator',
  stake: bigint,
  listing: Listing = { weight: 1, proof: [] },
): Promise<boolean> {
  const { actions } = member;
  const [seat, terms] = await Promise.all([actions.seat(task), actions.terms(task)]);
  if (seat.role === role && !seat.removed) return false;
  await bondUpTo(actions, stake);
  const { entropy } = entropyOf(member, task);
  await actions.join(task, role, { ...listing, stake, terms, entropy });
  return true;
}

/** Bonds as much as the account's free stake lacks of `stake`. */
export async function bondUpTo(actions: AccountActions, stake: bigint): Promise<void> {
  const { free } = await actions.stake();
  if (free < stake) await actions.bond(stake - free);
}
