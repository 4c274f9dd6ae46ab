// The audit of one task of a long run, as `murmur audit` makes it.

import { type AuditReport, auditTask } from '../../../node/audit/index.ts';
import { defaultFollowSettings } from '../../../node/chain/index.ts';
import { inspect } from '../../../node/cli/open/trust.ts';
import type { LongGround } from './ground.ts';
import type { LineOf } from './record.ts';

/** Audits a task that is over. @returns what the record keeps of it, and the contents that it was asked for. */
export async function auditOf(
  { client, deployment, keys, store }: LongGround,
  task: bigint,
  cacheFolder: string,
): Promise<{ readonly audit: LineOf<'ended'>['audit']; readonly artifacts: AuditReport['artifacts'] }> {
  const began = performance.now();
  const inspection = await inspect({ client, deployment, keys: [keys], cache: cacheFolder });
  const { report, proofs } = await auditTask({
    client,
    deployment,
    task,
    follow: defaultFollowSettings,
    store,
    keys,
    contributors: [],
    inspection,
    software: 'npm run faults -- --only churn',
    now: new Date(),
    say: () => undefined,
  });
  const checks = report.checks.reduce((sum, { passed }) => sum + passed, 0);
  const findings = report.findings.map(
    ({ verdict, kind, subject, reason, round }) =>
      `${verdict}: ${kind}, ${subject}${round === null ? '' : ` of round ${round}`}: ${reason}`,
  );
  const seconds = (performance.now() - began) / 1000;
  return {
    audit: { outcome: report.outcome, proofs, checks, findings, seconds },
    artifacts: report.artifacts,
  };
}
