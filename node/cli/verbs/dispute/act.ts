// `dispute sign`, `dispute file`: by hand what members do while they run.

import type { Hex } from 'viem';
import { readTask, type TaskChain } from '../../../chain/index.ts';
import { disputeOf, signAccusation } from '../../../disputes/index.ts';
import { NodeError } from '../../../errors.ts';
import type { Member } from '../../../roles/index.ts';
import { recordedStore } from '../../../site/index.ts';
import type { ContentStore } from '../../../store/index.ts';
import { openDeployment } from '../../open/deployment.ts';
import type { KeysSettings } from '../../open/keys.ts';
import { type MemberSettings, openMember } from '../../open/member.ts';
import { openStore } from '../../open/store.ts';
import { moment, print, tokens } from '../../output/format.ts';
import { type ReadDocket, readDocket } from './docket.ts';
import { judgeHere, told } from './show.ts';

type ActSettings = MemberSettings & { readonly task: bigint; readonly evidence: Hex };

/** `dispute sign`. */
export async function sign(settings: ActSettings & KeysSettings): Promise<void> {
  const { task, evidence, json } = settings;
  await withDocket(settings, async ({ member, docket, store }) => {
    const chain = member.chain(task);
    const { of } = docket.caseOf(evidence);
    const { address } = member.signer;
    const { validators } = docket.posted;
    if (!validators.includes(address) || (await chain.seat(address)).standing !== 'good')
      throw new NodeError('task', `${address} is no validator of task ${task} in good standing`, {
        mend: 'Validators sign; anyone may `murmur dispute show`.',
      });
    if (of.evidence.culprit === address)
      throw new NodeError('task', `${address} is accused itself, and nobody judges in its own case`);
    const signed = of.signed.some(({ signer }) => signer === address);
    if (!signed) {
      const { deployment } = member;
      const ruling = await judgeHere(settings, { chain, deployment, store, docket, evidence: of.evidence });
      if (ruling.ruling !== 'convicts')
        throw new NodeError('task', `evidence ${evidence} was not signed, since ${told(ruling)}`, {
          mend: 'Sign only what `murmur dispute show` finds to convict.',
        });
      const domain = { chainId: chain.chainId, contract: chain.disputes };
      const content = await signAccusation(domain, member.signer, of.accusation);
      await chain.announce(
        'accusation-signature',
        of.evidence.round,
        await store.put(content, 'accusation signature'),
      );
    }
    const text = `${signed ? 'had signed already' : 'signed'} that ${of.evidence.culprit} is at fault`;
    print(json, { task, evidence, signed: true, before: signed }, text);
  });
}

/** `dispute file`. */
export async function file(settings: ActSettings): Promise<void> {
  const { task, evidence, json } = settings;
  await withDocket(settings, async ({ member, docket }) => {
    const chain = member.chain(task);
    const { round, culprit, status, appealEnds, behind, total } = docket.viewOf(evidence);
    const id = disputeOf(chain.journal, { round, culprit })?.id;
    if (status === 'accused')
      throw new NodeError(
        'task',
        `${tokens(behind)} of ${tokens(total)} staked by validators are behind the accusation, but it takes more than half`,
        { mend: 'Validators sign with `murmur dispute sign`, or by themselves while they run.' },
      );
    if (status === 'pending' && (await chain.time()) <= appealEnds)
      throw new NodeError('task', `the dispute is filed, and can be appealed until ${moment(appealEnds)}`, {
        mend: 'File again after that, which has it carried out.',
      });
    if (status === 'signed' && isRunning(chain, round))
      throw new NodeError('task', `round ${round} is not over, and a dispute would disturb it`, {
        mend: 'File when the next one has begun.',
      });
    if (status === 'signed') {
      const { of, support } = docket.caseOf(evidence);
      await chain.fileDispute(of.accusation, support.signed);
    } else if (status === 'pending') await chain.executeDispute(id!);
    const now = status === 'signed' ? 'filed' : status === 'pending' ? 'executed' : status;
    print(
      json,
      { task, evidence, status: now },
      `the dispute with ${culprit} about round ${round} is ${now}`,
    );
  });
}

/** Whether a round is the current one, and not over. */
function isRunning({ journal }: TaskChain, round: number): boolean {
  const last = journal.rounds.at(-1)!;
  return last.number === round && last.outcome === 'pending';
}

/** What acts on a docket. */
interface Acting {
  readonly member: Member;
  readonly docket: ReadDocket;
  readonly store: ContentStore;
}

async function withDocket(settings: ActSettings, act: (acting: Acting) => Promise<void>): Promise<void> {
  const deployment = await openDeployment(settings);
  const member = await openMember(settings, deployment, 'dispute');
  const { client } = member;
  const opened = await openStore(settings, deployment, await readTask(client, deployment, settings.task));
  const store = recordedStore(member.log, opened);
  try {
    const docket = await readDocket({ chain: member.chain(settings.task), client }, { store, deployment });
    await act({ member, docket, store });
  } finally {
    await opened.stop();
    await member.close();
  }
}
