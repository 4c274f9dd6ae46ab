// Reports of audits as the page shows them. Nothing that others wrote is in them but as plain text.
import type { Audit, Site } from '@murmuration/desk';
import {
  type AuditReport,
  type CheckKind,
  checkKinds,
  meaningOf,
  type SiteCheckKind,
  type SiteReport,
  siteCheckKinds,
} from '../../../audit/index.ts';
import { plainText } from '../market/plain_text.ts';

const longestText = 600;
const plain = (text: string) => plainText(text, longestText);
/** Findings that are shown, at most: the report has all. */
const mostFindings = 200;

type Report = NonNullable<Audit['report']>;

/** A task's report. @param issuer who has signed it */
export function auditView(report: AuditReport, issuer: string): Report {
  const { created, outcome, task, chain, checks, findings, misconduct, people, limits } = report;
  return {
    created,
    issuer,
    outcome,
    status: plain(task.status),
    until: chain.until,
    untilHash: chain.untilHash,
    checks: checks.map(({ kind, ...counts }) => ({ ...checkKinds[kind as CheckKind], ...counts })),
    findings: findings
      .toSorted((a, b) => a.verdict.localeCompare(b.verdict))
      .slice(0, mostFindings)
      .map(({ kind, verdict, subject, reason, round }) => ({
        verdict,
        title: checkKinds[kind as CheckKind].title,
        ...(round !== null && { round }),
        about: plain(subject),
        why: plain(reason),
      })),
    misconduct: misconduct.map(({ account, round, text }) => ({ account, round, text: plain(text) })),
    people: people.map(({ account, role, standing, earned, slashed, level }) => ({
      account,
      role,
      standing,
      earned,
      slashed,
      strikes: level,
    })),
    limits,
  };
}

/** A site's report. */
export function siteView(report: SiteReport): Site {
  const { site, created, outcome, statement, left, refused, findings, limits } = report;
  return {
    account: site.account,
    created,
    outcome,
    statement: statement.map(plain),
    left: left.map(({ place, what, to, count, bytes }) => {
      const means = meaningOf({ place, what });
      return { place, what: plain(what), ...(means !== undefined && { means }), to: plain(to), count, bytes };
    }),
    refused: refused.map(({ what, to, why, times }) => ({
      what: plain(what),
      to: plain(to),
      why: plain(why),
      times,
    })),
    findings: findings.slice(0, mostFindings).map(({ kind, verdict, subject, reason }) => ({
      verdict,
      title: siteCheckKinds[kind as SiteCheckKind].title,
      about: plain(subject),
      why: plain(reason),
    })),
    limits,
  };
}
