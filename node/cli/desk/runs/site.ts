// What a run works with: the account's key, its place on the list, its rows.
import { getAddress } from 'viem';
import { NodeError } from '../../../errors.ts';
import { loadTable, type OwnData, type TaskDescription, tableData } from '../../../learn/index.ts';
import type { Member, Observer } from '../../../roles/index.ts';
import { leaveAs, type OwnersMoney } from '../../member/leave.ts';
import { putToWork, type RoleAtWork, type RolePlan } from '../../member/role_at_work.ts';
import { takeSeat } from '../../member/take_seat.ts';
import { memberOf } from '../../open/member.ts';
import { tokens } from '../../output/format.ts';
import type { KeptFiles } from '../files/kept_files.ts';
import type { MarketView } from '../market/read_market.ts';
import type { OpenPlace } from '../place.ts';
import { isCovered, readCover } from '../wallet/cover.ts';
import { onlookers } from './onlooker.ts';
import type { RunOwn } from './own.ts';
import { type RunOnChain, runOnChain } from './run_view.ts';
import type { Wish } from './wish.ts';

/** Milliseconds between two looks at the chain. */
const interval = 500;

/** Who hears of a role. */
export interface Hearers {
  readonly say: (text: string) => void;
  readonly observe: Observer;
}

/** How the owner of an account gets its money out, where there is a page. */
const byWallet = ({ owner, credit, free }: OwnersMoney): string =>
  `its owner ${owner} gets the money out, under Wallet above: ${tokens(credit)} can be claimed, ${tokens(free)} of ` +
  'stake taken out of use';

/** Where runs work. `M` is what the account at work is, of which a run lets go. */
export interface RunSite<M extends Pick<Member, 'close'> = Member> {
  /** Whether the account of a run can sign. */
  isUnlocked(wish: Wish): boolean;
  /** Whether its owner has signed for what the seat takes; where none is named, there is nothing to sign. */
  isCovered(wish: Wish): Promise<boolean>;
  /** The account at work on a task: its state is held until it is closed. @throws NodeError `input` while it is locked */
  member(wish: Wish, observe: Observer): Promise<M>;
  /** Takes the seat, unless the account has it, and works. @throws NodeError of whatever speaks against it */
  begin(wish: Wish, member: M, hearers: Hearers): Promise<RoleAtWork>;
  /** Takes an application back, or gets out what is due. @returns what was done, in words */
  leave(wish: Wish, member: M): Promise<string[]>;
  /** How the account stands in a task, by its member's eyes where it has one. */
  look(wish: Wish, member: M | undefined): Promise<RunOnChain>;
}

/** What a site takes its rows and its tasks from. */
export interface SiteSources {
  readonly own: RunOwn;
  readonly files: KeptFiles;
  readonly market: Pick<MarketView, 'description'>;
}

export function openRunSite(
  { client, deployment, settings, example }: OpenPlace,
  { own, files, market }: SiteSources,
): RunSite {
  const onlooker = onlookers({ client, deployment, settings });

  /** The rows of a given file, or the site's own. */
  async function rowsOf(wish: Wish, { data: spec }: TaskDescription): Promise<OwnData> {
    const { file, reading } = wish;
    if (file === undefined) return own.rows(wish);
    if (spec.kind !== 'csv')
      throw new NodeError('input', 'the task takes no table', { mend: 'Give no file.' });
    return tableData(await loadTable(files.source(await files.find(file)), spec, reading), spec, reading);
  }

  /** Rows that do not fit are found before stake is pledged for them. */
  async function checkRows(wish: Wish): Promise<void> {
    const description = await market.description(BigInt(wish.task));
    if (description) await rowsOf(wish, description);
  }

  return {
    isUnlocked: (wish) => own.unlocked(wish) !== undefined,
    async isCovered(wish) {
      const { owner, role } = wish;
      if (owner === undefined) return true;
      const account = getAddress(own.accountOf(wish));
      const wanted = { task: BigInt(wish.task), role, account, owner, stake: own.stakeOf(wish) };
      const ether = await client.getBalance({ address: account });
      return isCovered(await readCover(client, deployment, wanted), ether);
    },
    async member(wish, observe) {
      const unlocked = own.unlocked(wish);
      if (!unlocked)
        throw new NodeError('input', `account ${own.accountOf(wish)} is locked`, {
          mend: 'Unlock it with its password.',
        });
      const place = { ...settings, task: BigInt(wish.task) };
      return memberOf(place, deployment, { name: wish.role, unlocked, observe });
    },
    async begin(wish, member, { say, observe }) {
      const task = BigInt(wish.task);
      const { role, acceptRisks } = wish;
      const seat = await member.actions.seat(task);
      if (seat.role === 'none') await checkRows(wish);
      const stake = own.stakeOf(wish);
      const listing = async () => own.listingOf(wish);
      const plan = { ...settings, role, task, stake, acceptRisks, listing, hear: say };
      if (await takeSeat(member, deployment, plan)) say('has its seat');
      const learning = {
        rows: (description: TaskDescription) => rowsOf(wish, description),
        program: {},
      };
      const work: RolePlan =
        role === 'trainer' ? { role, ...learning, reachability: own.reachability } : { role, ...learning };
      return putToWork({ member, task, place: settings, interval, say, observe }, work);
    },
    leave: ({ task }, member) => leaveAs(member, deployment, BigInt(task), byWallet),
    look: async (wish, member) => {
      const place = member
        ? { client, deployment, chain: member.chain(BigInt(wish.task)) }
        : await onlooker(BigInt(wish.task), getAddress(own.accountOf(wish)));
      const leftHanded = `${example?.free.task}` === wish.task ? example?.free.leftHanded : undefined;
      return runOnChain({ ...place, leftHanded });
    },
  };
}
