// The report of a site as a page, for who has to answer for the data of the site.
import { html, type Markup } from '../../report/index.ts';
import { auditPage, checkTable, definitions, mostShown, rest } from '../page_frame.ts';
import { meaningOf, type SiteCheckKind, siteCheckKinds } from './kinds.ts';
import type { SiteReport } from './report.ts';

const outcomes = {
  clean: ['yes', 'The log and the chain agree on everything, and everything could be compared.'],
  incomplete: [
    '',
    'The log and the chain agree as far as they could be compared. What could not be is listed.',
  ],
  failed: ['no', 'The log and the chain do not agree. Where is listed below.'],
} as const;

const placeWords = {
  chain: 'the chain',
  store: 'the content store',
  peer: 'another member',
  prover: 'a prover service',
  file: 'a file that is handed on',
} as const;

/** The page of a report. */
export function renderSiteAudit(report: SiteReport): string {
  const { site, chain, covered } = report;
  return auditPage(
    {
      title: 'What left a site',
      heading: html`What left the site of <code>${site.account}</code>`,
      made: html`made ${report.created} by ${report.software}`,
      outcome: report.outcome,
      verdict: outcomes[report.outcome],
    },
    html`${report.statement.map((sentence) => html`<p>${sentence}</p>`)}
<h2>What left, and to whom</h2>
${leftTable(report)}
<h2>By round</h2>
${roundTable(report)}
<h2>What was refused</h2>
${refusedTable(report)}
<h2>What was checked, and how</h2>
${checkTable(report.checks, siteCheckKinds)}
<h2>What does not agree, or could not be checked</h2>
${findingTable(report)}
<h2>What this cannot show</h2>
<ul>${report.limits.map((limit) => html`<li>${limit}</li>`)}</ul>
<h2>From what it was made</h2>
<dl>${definitions({
      chain: `${site.chainId}`,
      'read up to block': chain.until,
      'its hash': chain.untilHash,
      'transactions covered': `numbers ${covered.from} to ${covered.to - 1}`,
      ...Object.fromEntries(
        site.logs.map((log, at) => [
          `log ${at + 1}`,
          `${log.folder}: ${log.entries} entries in ${log.files} files, ${log.from} to ${log.until}, head ${log.head}`,
        ]),
      ),
    })}</dl>`,
  );
}

function leftTable({ left }: SiteReport): Markup {
  if (left.length === 0) return html`<p>Nothing.</p>`;
  const rows = left.toSorted((a, b) => b.bytes - a.bytes).slice(0, mostShown);
  return html`<div class="scroll"><table><thead><tr><th>what</th><th class="text">what it is</th><th class="text">where</th><th class="text">to</th><th>times</th><th>bytes</th><th>unsure</th></tr></thead><tbody>
${rows.map((row) => html`<tr><td class="wrap">${row.what}</td><td class="text wrap">${meaningOf(row) ?? ''}</td><td class="text">${placeWords[row.place]}</td><td class="text wrap">${row.to}</td><td>${row.count}</td><td>${row.bytes}</td><td>${row.unsure || ''}</td></tr>`)}</tbody></table></div>${rest(left.length, 'site.json')}`;
}

function roundTable({ rounds }: SiteReport): Markup {
  return html`<div class="scroll"><table><thead><tr><th>round</th><th>times</th><th>bytes</th></tr></thead><tbody>
${rounds.map(({ round, count, bytes }) => html`<tr><td>${round === 0 ? 'before' : round}</td><td>${count}</td><td>${bytes}</td></tr>`)}</tbody></table></div>`;
}

function refusedTable({ refused }: SiteReport): Markup {
  if (refused.length === 0) return html`<p>Nothing.</p>`;
  return html`<div class="scroll"><table><thead><tr><th>what</th><th class="text">to</th><th class="text">why</th><th>times</th></tr></thead><tbody>
${refused.slice(0, mostShown).map(({ what, to, why, times }) => html`<tr><td class="wrap">${what}</td><td class="text wrap">${to}</td><td class="text wrap">${why}</td><td>${times}</td></tr>`)}</tbody></table></div>${rest(refused.length, 'site.json')}`;
}

function findingTable({ findings }: SiteReport): Markup {
  if (findings.length === 0) return html`<p>Nothing.</p>`;
  return html`<div class="scroll"><table><thead><tr><th>what</th><th class="text">about</th><th class="text">why</th></tr></thead><tbody>
${findings
  .slice(0, mostShown)
  .map(
    ({ kind, verdict, subject, reason }) =>
      html`<tr><td class="${verdict === 'failed' ? 'no' : ''} wrap">${verdict === 'failed' ? 'failed' : 'not checked'}: ${siteCheckKinds[kind as SiteCheckKind].title}</td><td class="text wrap">${subject}</td><td class="text wrap">${reason}</td></tr>`,
  )}</tbody></table></div>${rest(findings.length, 'site.json')}`;
}
