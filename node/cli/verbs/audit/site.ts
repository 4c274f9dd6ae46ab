// The work of `murmur audit site`.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { renderSiteAudit, type SiteReport } from '../../../audit/index.ts';
import { NodeError } from '../../../errors.ts';
import { readSiteLog } from '../../../site/index.ts';
import { writeAtomically } from '../../../state/index.ts';
import type { AccountSettings } from '../../command/flags.ts';
import { chooseAccount } from '../../open/account.ts';
import { openDeployment, openReader } from '../../open/deployment.ts';
import { auditLogs, findLogs, type SiteLogs } from '../../open/site_audit.ts';
import { print } from '../../output/format.ts';
import { progress } from '../../output/progress.ts';

type SiteSettings = AccountSettings & {
  readonly logs?: readonly string[];
  readonly out?: string;
  readonly confirmations?: number;
};

/** Names of the files that are written. */
export const siteFiles = { report: 'site.json', page: 'site.html' } as const;

/** `audit site`: rejects where not everything agrees. */
export async function runSiteAudit(settings: SiteSettings): Promise<void> {
  const { json, out } = settings;
  const deployment = await openDeployment(settings);
  const client = await openReader(settings, deployment);
  const line = progress();
  const report = await auditLogs({ client, deployment, settings }, () => openLogs(settings), line.show);
  line.done(`${report.covered.to - report.covered.from} transactions compared`);
  if (out !== undefined) await write(out, report);
  print(json, report, textOf(report, out));
  refuseUnclean(report);
}

/** The logs that are named, or those of the account below the home folder. */
async function openLogs(settings: SiteSettings): Promise<SiteLogs> {
  if (settings.logs) {
    const logs = [];
    for (const folder of settings.logs) logs.push(await readSiteLog(folder));
    return { account: settings.account, logs };
  }
  const account = await chooseAccount(settings);
  return { account, logs: await findLogs(settings.home, account) };
}

async function write(out: string, report: SiteReport): Promise<void> {
  await mkdir(out, { recursive: true });
  const mode = { mode: 0o666 };
  await writeAtomically(join(out, siteFiles.report), `${JSON.stringify(report, null, 1)}\n`, mode);
  await writeAtomically(join(out, siteFiles.page), renderSiteAudit(report), mode);
}

function textOf(report: SiteReport, out: string | undefined): string {
  const { outcome, statement, left, findings } = report;
  return [
    `the site of ${report.site.account}: ${outcome}`,
    ...statement.map((sentence) => `  ${sentence}`),
    ...left.map(
      ({ place, what, to, count, bytes }) =>
        `  ${place.padEnd(6)}  ${count} × ${what}, ${bytes} bytes, to ${to}`,
    ),
    ...findings.map(({ verdict, subject, reason }) => `  ${verdict}  ${subject}: ${reason}`),
    'What this cannot show:',
    ...report.limits.map((limit) => `  ${limit}`),
    ...(out === undefined ? [] : [`${out}: ${Object.values(siteFiles).join(', ')}`]),
  ].join('\n');
}

function refuseUnclean({ outcome, findings, covered }: SiteReport): void {
  if (outcome === 'clean') return;
  const count = (verdict: string) => findings.filter((finding) => finding.verdict === verdict).length;
  const [failed, unchecked] = [count('failed'), count('unchecked')];
  const before = covered.from > 0 ? `, and ${covered.from} transactions are older than the log` : '';
  throw new NodeError(
    'audit',
    outcome === 'failed'
      ? `log and chain do not agree in ${failed} places, ${unchecked} could not be compared${before}`
      : `log and chain agree, but ${unchecked} comparisons could not be made${before}`,
    { mend: 'The report names each of them.' },
  );
}
