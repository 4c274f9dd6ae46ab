// The work of `murmur audit`.
import { type AuditReport, auditFiles, auditorOf, auditorPurpose, writeAudit } from '../../../audit/index.ts';
import { NodeError } from '../../../errors.ts';
import type { AccountSettings } from '../../command/flags.ts';
import { unlock } from '../../open/account.ts';
import { openDeployment, openReader } from '../../open/deployment.ts';
import type { KeysSettings } from '../../open/keys.ts';
import { auditPosted } from '../../open/task_audit.ts';
import { print } from '../../output/format.ts';
import { progress } from '../../output/progress.ts';

type RunSettings = AccountSettings &
  KeysSettings & { readonly task: bigint; readonly out: string; readonly confirmations?: number };

/** `audit`: writes report, page and certificate; rejects where not everything is clean. */
export async function runAudit(settings: RunSettings): Promise<void> {
  const { json, out, task } = settings;
  // The password is asked for before the work, which takes a while.
  const { secretBox } = await unlock(settings);
  const auditor = auditorOf(secretBox.seed(auditorPurpose));
  const deployment = await openDeployment(settings);
  const client = await openReader(settings, deployment);
  const line = progress();
  const { report, proofs } = await auditPosted({ client, deployment, settings }, task, line.show);
  await writeAudit(out, report, auditor);
  line.done(`${proofs} proofs verified`);
  print(json, { out, issuer: auditor.did, ...report }, textOf(report, out, auditor.did));
  refuseUnclean(report);
}

function textOf(report: AuditReport, out: string, did: string): string {
  const total = (name: 'passed' | 'failed' | 'unchecked') =>
    report.checks.reduce((sum, check) => sum + check[name], 0);
  return [
    `task ${report.task.number}: ${report.outcome}; ${total('passed')} checks hold, ${total('failed')} fail, ` +
      `${total('unchecked')} could not be made`,
    ...report.findings.map(
      ({ verdict, subject, reason, round }) =>
        `  ${verdict}  ${round ? `round ${round}, ` : ''}${subject.slice(0, 100)}: ${reason.slice(0, 200)}`,
    ),
    ...report.misconduct.map(
      ({ account, round, text }) => `  ${account}  ${round ? `round ${round}` : 'before the start'}: ${text}`,
    ),
    `${out}: ${Object.values(auditFiles).join(', ')}; signed by ${did}`,
  ].join('\n');
}

function refuseUnclean({ outcome, findings }: AuditReport): void {
  if (outcome === 'clean') return;
  const count = (verdict: string) => findings.filter((finding) => finding.verdict === verdict).length;
  const [failed, unchecked] = [count('failed'), count('unchecked')];
  throw new NodeError(
    'audit',
    outcome === 'failed'
      ? `${failed} checks fail, ${unchecked} could not be made`
      : `no check fails, but ${unchecked} could not be made`,
    { mend: 'The report names each of them.' },
  );
}
