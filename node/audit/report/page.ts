// The report as a page. It is written for a reader who knows the subject matter of the task and not the software.
import { html, type Markup } from '../../report/index.ts';
import { type CheckKind, checkKinds } from '../kinds.ts';
import { auditPage, checkTable, definitions, mostShown, rest } from '../page_frame.ts';
import type { AuditReport } from './schema.ts';

/** Who signs the report; the page is made before the certificate, which vouches for it. */
export interface Signer {
  readonly did: string;
}

const outcomes = {
  clean: ['yes', 'Everything that was checked holds, and everything that can be checked was.'],
  incomplete: [
    '',
    'Nothing that was checked fails. Some things could not be checked: they are listed below, and blame nobody.',
  ],
  failed: ['no', 'Some checks fail. They are listed below, each with what it is about.'],
} as const;

/** The page of a report. */
export function renderAudit(report: AuditReport, { did }: Signer): string {
  const { task, chain, keys } = report;
  return auditPage(
    {
      title: `Audit of task ${task.number}`,
      heading: html`Audit of task ${task.number}${task.name ? html`, ${task.name}` : html``}`,
      made: html`made ${report.created} by ${report.software}; signed by <code>${did}</code>`,
      outcome: report.outcome,
      verdict: outcomes[report.outcome],
    },
    html`<p>Several parties trained one model together without showing each other their data. Every step of that left a trace:
calls on a public chain, and encrypted contents whose digests the chain holds. This report reads those traces from first to
last and computes everything again. It does not rest on what any party, or the contracts, said of themselves.</p>
${cards(report)}
<h2>What was checked, and how</h2>
${checkTable(report.checks, checkKinds)}
<h2>What failed, or could not be checked</h2>
${findingList(report)}
<h2>Who did what the rules do not allow</h2>
${misconductTable(report)}
<h2>Who took part</h2>
${peopleTable(report)}
<h2>Rounds</h2>
${roundTable(report)}
<h2>Under which keys</h2>
<dl>${definitions({
      'proof keys': `${keys.preset}, ${keys.kind}`,
      'contributors of the ceremony':
        keys.contributors.length > 0
          ? keys.contributors.join(', ')
          : 'none: anyone can forge proofs under development keys',
      ...Object.fromEntries(
        Object.entries(keys.verifyingKeys).map(([circuit, hash]) => [`key of ${circuit}`, hash]),
      ),
      'common encryption key': keys.collectiveKey ?? 'none',
    })}</dl>
<h2>Under which terms</h2>
<dl>${definitions(report.parameters)}</dl>
<h2>On which chain</h2>
<dl>${definitions({
      chain: `${task.chainId}`,
      marketplace: task.marketplace,
      rounds: task.rounds,
      'blocks read': `${chain.from} to ${chain.until}`,
      'hash of the last one': chain.untilHash,
      'blocks that concern the task': `${chain.blocks.length}, each with its hash in report.json`,
    })}</dl>
<h2>What no audit can check</h2>
<ul>${report.limits.map((limit) => html`<li>${limit}</li>`)}</ul>
<h2>How to check this report</h2>
<p>The file <code>certificate.json</code> beside this page is a verifiable credential (W3C, version 2.0) that names the
SHA-256 of this page and of <code>report.json</code>. <code>murmur audit verify</code> checks it without any chain, and so
does other software for such credentials. Who wants to rely on nobody runs <code>murmur audit --task ${task.number}</code>
again, with a node of the chain and the content store.</p>`,
  );
}

function cards({ rounds, people, misconduct, checks, artifacts }: AuditReport): Markup {
  const total = (name: 'passed' | 'failed' | 'unchecked') =>
    checks.reduce((sum, check) => sum + check[name], 0);
  const card = (value: string | number, what: string) =>
    html`<div class="card"><b>${value}</b><span>${what}</span></div>`;
  const accepted = rounds.filter(({ outcome }) => outcome === 'accepted').length;
  return html`<div class="cards">${[
    card(total('passed'), 'checks that hold'),
    card(total('failed'), 'checks that fail'),
    card(total('unchecked'), 'could not be checked'),
    card(`${accepted} of ${rounds.length}`, 'rounds accepted'),
    card(people.filter(({ role }) => role !== 'planner').length, 'parties'),
    card(new Set(misconduct.map(({ account }) => account)).size, 'of them broke a rule'),
    card(artifacts.length, 'contents read'),
  ]}</div>`;
}

function findingList({ findings }: AuditReport): Markup {
  if (findings.length === 0) return html`<p>Nothing.</p>`;
  const sorted = findings.toSorted((a, b) => a.verdict.localeCompare(b.verdict)).slice(0, mostShown);
  return html`<div class="scroll"><table><thead><tr><th>what</th><th>round</th><th class="text">about</th><th class="text">why</th></tr></thead><tbody>
${sorted.map(
  ({ kind, verdict, subject, reason, round }) =>
    html`<tr><td class="${verdict === 'failed' ? 'no' : ''} wrap">${verdict === 'failed' ? 'failed' : 'not checked'}: ${checkKinds[kind as CheckKind].title}</td><td>${round ?? ''}</td><td class="text wrap">${clipped(subject)}</td><td class="text wrap">${clipped(reason)}</td></tr>`,
)}</tbody></table></div>${rest(findings.length, 'report.json')}`;
}

function misconductTable({ misconduct }: AuditReport): Markup {
  if (misconduct.length === 0) return html`<p>Nobody.</p>`;
  return html`<div class="scroll"><table><thead><tr><th>account</th><th>round</th><th class="text">what it did</th><th class="text">shown by</th></tr></thead><tbody>
${misconduct.map(({ account, round, text, shownBy }) => html`<tr><td><code>${account}</code></td><td>${round === 0 ? 'before' : round}</td><td class="text wrap">${text}</td><td class="text wrap"><code>${shownBy}</code></td></tr>`)}</tbody></table></div>`;
}

function peopleTable({ people }: AuditReport): Markup {
  return html`<div class="scroll"><table><thead><tr><th>account</th><th class="text">role</th><th>weight</th><th class="text">seat</th><th>pledged</th><th>earned</th><th>for reports</th><th>slashed</th><th>burnt</th><th>strikes</th><th>suspicion</th></tr></thead><tbody>
${people.map((one) => html`<tr><td><code>${one.account}</code></td><td class="text">${one.role}</td><td>${one.weight || ''}</td><td class="text ${one.standing === 'ejected' ? 'no' : ''}">${one.standing === 'none' ? '' : one.standing}</td><td>${tokens(one.pledged)}</td><td>${tokens(one.earned)}</td><td>${tokens(one.reported)}</td><td>${tokens(one.slashed)}</td><td>${tokens(one.burnt)}</td><td>${one.level || ''}</td><td>${one.suspicion || ''}</td></tr>`)}</tbody></table></div>`;
}

function roundTable({ rounds }: AuditReport): Markup {
  return html`<div class="scroll"><table><thead><tr><th>round</th><th class="text">outcome</th><th>updates</th><th>probes</th><th>proofs refused</th><th>excluded</th><th>left out</th><th>sums</th><th>accuracy</th><th>gain</th><th class="text">model after it</th></tr></thead><tbody>
${rounds.map((round) => html`<tr><td>${round.number}</td><td class="text ${round.outcome === 'accepted' ? 'yes' : ''}">${round.outcome}</td><td>${round.updates}</td><td>${round.probes}</td><td>${round.refused}</td><td>${round.excluded}</td><td>${round.leftOut}</td><td>${round.sums}</td><td>${points(round.quality)}</td><td>${points(round.gain)}</td><td class="text"><code>${round.model ?? ''}</code></td></tr>`)}</tbody></table></div>`;
}

/** Basis points as a percentage. */
const points = (value: number | null): string => (value === null ? '' : `${(value / 100).toFixed(2)} %`);

/** Amounts in whole tokens of 18 decimals, cut after four of them. */
function tokens(amount: string): string {
  const scaled = BigInt(amount) / 10n ** 14n;
  return scaled === 0n ? '' : (Number(scaled) / 10_000).toString();
}

const clipped = (text: string): string => (text.length > 400 ? `${text.slice(0, 400)}…` : text);
