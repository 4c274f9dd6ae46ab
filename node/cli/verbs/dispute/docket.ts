// A task's docket as anybody can read it: accusations, the stake behind them, and what became of them.
import type { Address, Hex } from 'viem';
import { type PostedTask, readTask, type TaskChain } from '../../../chain/index.ts';
import {
  type Case,
  Docket,
  disputeOf,
  faultNames,
  readJurors,
  type Support,
  supportOf,
} from '../../../disputes/index.ts';
import { NodeError } from '../../../errors.ts';
import type { ContentStore } from '../../../store/index.ts';
import { moment, tokens } from '../../output/format.ts';

/** An accusation, or a dispute, as it is shown. */
export interface DisputeView {
  readonly round: number;
  readonly culprit: Address;
  readonly fault: string;
  readonly evidence: Hex;
  /** Who announced the evidence; undefined where it cannot be had. */
  readonly reporter: Address | undefined;
  /** Validators that have signed. */
  readonly signers: readonly Address[];
  /** Of the validators' stake that counts, what is behind it and the whole, in the token's smallest unit. */
  readonly behind: bigint;
  readonly total: bigint;
  /** `accused`, `signed` by a quorum, or where the dispute stands. */
  readonly status: 'accused' | 'signed' | 'pending' | 'executed' | 'overturned';
  /** Of a dispute: seconds, chain time. */
  readonly appealEnds: bigint;
}

/** What is read of a task's disputes. */
export interface ReadDocket {
  readonly posted: PostedTask;
  readonly views: readonly DisputeView[];
  /** The view of some evidence. @throws NodeError `input` where nobody is accused by it. */
  viewOf(evidence: Hex): DisputeView;
  /** The case of some evidence. @throws NodeError `input` where nobody announced it, or it cannot be read. */
  caseOf(evidence: Hex): { readonly of: Case; readonly support: Support };
}

/** Milliseconds that the content of announcements may take. */
const lookTime = 20_000;

/** Reads a task's docket. @throws NodeError `task` where its rounds have not begun. */
export async function readDocket(
  { chain, client }: { readonly chain: TaskChain; readonly client: Parameters<typeof readTask>[0] },
  {
    store,
    deployment,
  }: { readonly store: ContentStore; readonly deployment: Parameters<typeof readTask>[1] },
): Promise<ReadDocket> {
  const posted = await readTask(client, deployment, chain.task);
  await chain.refresh();
  const { journal } = chain;
  if (journal.rounds.length === 0)
    throw new NodeError(
      'task',
      `task ${chain.task} is ${posted.status}: no round has begun, so nobody is accused`,
    );
  const domain = { chainId: chain.chainId, contract: chain.disputes };
  const announced = await new Docket({ task: chain.task, domain, store }).read(
    journal,
    AbortSignal.timeout(lookTime),
  );
  const jurors = await readJurors(chain);
  const supports = new Map(announced.map((of) => [of, supportOf(jurors, of.evidence.culprit, of.signed)]));
  const cases = announced.filter((of) => of === foremost(announced, of, supports));
  const accused = cases.map((of): DisputeView => {
    const { accusation, evidence } = of;
    const { behind, total, signed, isQuorum } = supports.get(of)!;
    const filed = disputeOf(journal, evidence);
    return {
      round: evidence.round,
      culprit: evidence.culprit,
      fault: faultNames[accusation.fault]!,
      evidence: accusation.evidence,
      reporter: accusation.reporter,
      signers: signed.map(({ signer }) => signer),
      behind,
      total,
      status: filed?.status ?? (isQuorum ? 'signed' : 'accused'),
      appealEnds: filed?.appealEnds ?? 0n,
    };
  });
  const lost = [...journal.disputes.values()].filter(
    ({ evidence }) => !cases.some(({ accusation }) => accusation.evidence === evidence),
  );
  const filed = lost.map(({ round, culprit, fault, evidence, status, appealEnds }): DisputeView => {
    const name = faultNames[fault] ?? `fault ${fault}`;
    const unread = { reporter: undefined, signers: [], behind: 0n, total: 0n };
    return { round, culprit, fault: name, evidence, ...unread, status, appealEnds };
  });
  const views = [...accused, ...filed];
  return {
    posted,
    views,
    viewOf: (digest) => views.find(({ evidence }) => evidence === digest) ?? unknown(chain.task, digest),
    caseOf(digest) {
      const of =
        cases.find(({ accusation }) => accusation.evidence === digest) ?? unknown(chain.task, digest);
      return { of, support: supports.get(of)! };
    },
  };
}

/** Of the cases of one evidence, which several members may have announced, the one with most stake behind it. */
function foremost(all: readonly Case[], of: Case, supports: ReadonlyMap<Case, Support>): Case {
  const same = all.filter(({ accusation }) => accusation.evidence === of.accusation.evidence);
  return same.reduce((most, each) => (supports.get(each)!.behind > supports.get(most)!.behind ? each : most));
}

function unknown(task: bigint, evidence: Hex): never {
  throw new NodeError(
    'input',
    `no member of task ${task} has announced evidence ${evidence} that can be read`,
    { mend: 'See `murmur dispute list`; its content must be in the --store.' },
  );
}

/** A dispute on one line. */
export function lineOf({
  round,
  culprit,
  fault,
  evidence,
  behind,
  total,
  status,
  appealEnds,
}: DisputeView): string {
  const stake = total > 0n ? `, ${tokens(behind)} of ${tokens(total)} staked behind it` : '';
  const until = status === 'pending' ? ` until ${moment(appealEnds)}` : '';
  return `round ${round}  ${culprit}  ${fault}  ${status}${until}${stake}\n  evidence ${evidence}`;
}
