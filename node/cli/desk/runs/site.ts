// What a run works with: the account's key, its place on the list, its rows; those of the example's free seat.
import { toAccount } from 'viem/accounts';
import { connect, createChainReader, createTaskChain, defaultFollowSettings } from '../../../chain/index.ts';
import { NodeError } from '../../../errors.ts';
import {
  loadTable,
  type OwnData,
  plainReading,
  type TaskDescription,
  tableData,
} from '../../../learn/index.ts';
import type { Member, Observer } from '../../../roles/index.ts';
import { leaveAs } from '../../member/leave.ts';
import { putToWork, type RoleAtWork } from '../../member/role_at_work.ts';
import { takeSeat } from '../../member/take_seat.ts';
import { memberOf } from '../../open/member.ts';
import type { Example } from '../example.ts';
import type { KeptFiles } from '../files/kept_files.ts';
import type { OpenPlace } from '../place.ts';
import { type RunOnChain, type RunPlace, runOnChain } from './run_view.ts';

/** Milliseconds between two looks at the chain. */
const interval = 500;
/** Where the other members of the example reach this one: they are on this machine. */
const reachability = { listen: ['/ip4/127.0.0.1/tcp/0'] };

/** What somebody has asked for with a seat. */
export interface Wish {
  readonly task: string;
  /** Of given rows; without it those that the example has. */
  readonly file?: string | undefined;
  readonly dropFaulty: boolean;
  readonly acceptRisks: boolean;
}

/** Who hears of a role. */
export interface Hearers {
  readonly say: (text: string) => void;
  readonly observe: Observer;
}

/** Where runs work. `M` is what the account at work is, of which a run lets go. */
export interface RunSite<M extends Pick<Member, 'close'> = Member> {
  /** The account at work on a task: its state is held until it is closed. */
  member(task: bigint, observe: Observer): Promise<M>;
  /** Takes the seat, unless the account has it, and works. @throws NodeError of whatever speaks against it */
  begin(wish: Wish, member: M, hearers: Hearers): Promise<RoleAtWork>;
  /** Takes an application back, or gets out what is due. @returns what was done, in words */
  leave(task: bigint, member: M): Promise<string[]>;
  /** How the account stands in a task, by its member's eyes where it has one. */
  look(task: bigint, member: M | undefined): Promise<RunOnChain>;
}

/** The site of the example's free seat. */
export function openRunSite(
  { client, deployment, settings }: OpenPlace,
  { account: unlocked, data, stake, listing = { weight: 1, proof: [] } }: Example['free'],
  files: KeptFiles,
): RunSite {
  const onlookers = new Map<bigint, RunPlace>();

  async function onlooker(task: bigint): Promise<RunPlace> {
    const known = onlookers.get(task);
    if (known) return known;
    const { address } = unlocked.account;
    const { sender } = await connect({ url: settings.rpc, deployment }, toAccount(address));
    const reader = createChainReader({ client, deployment, follow: defaultFollowSettings });
    const chain = createTaskChain({ reader, sender, task, onTransaction: () => undefined });
    const made = { client, deployment, chain };
    onlookers.set(task, made);
    return made;
  }

  /** The rows of a given file, or those that the example has for the seat. */
  async function rowsOf({ file, dropFaulty }: Wish, { data: spec }: TaskDescription): Promise<OwnData> {
    if (file === undefined) return data;
    if (spec.kind !== 'csv')
      throw new NodeError('input', 'the task takes no table', { mend: 'Give no file.' });
    const reading = { ...plainReading, dropFaulty };
    return tableData(await loadTable(files.source(await files.find(file)), spec, reading), spec, reading);
  }

  return {
    member: (task, observe) =>
      memberOf({ ...settings, task }, deployment, { name: 'trainer', unlocked, observe }),
    async begin(wish, member, { say, observe }) {
      const task = BigInt(wish.task);
      const taken = await takeSeat(member, deployment, {
        ...settings,
        role: 'trainer',
        task,
        stake,
        acceptRisks: wish.acceptRisks,
        listing: async () => listing,
        hear: say,
      });
      if (taken) say('has its seat');
      return putToWork(
        { member, task, place: settings, interval, say, observe },
        { role: 'trainer', rows: (description) => rowsOf(wish, description), program: {}, reachability },
      );
    },
    leave: (task, member) => leaveAs(member, deployment, task),
    look: async (task, member) =>
      runOnChain(member ? { client, deployment, chain: member.chain(task) } : await onlooker(task)),
  };
}
