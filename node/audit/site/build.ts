// Makes the report of a site of what its audit found.
import type { Address } from 'viem';
import type { ReadLog } from '../../site/index.ts';
import { type SiteCheckKind, siteCheckNames } from './kinds.ts';
import { type SiteFinding, type SiteReport, siteAuditFormat, siteReportSchema } from './report.ts';
import type { JoinedLogs, Left } from './site_logs.ts';
import { siteLimits, statementOf } from './words.ts';

/** What an audit of a site found. */
export interface SiteFindings {
  readonly created: Date;
  readonly software: string;
  readonly account: Address;
  readonly chainId: number;
  readonly logs: readonly ReadLog[];
  readonly joined: JoinedLogs;
  readonly chain: SiteReport['chain'];
  readonly covered: SiteReport['covered'];
  /** By log, the last entry that a transaction vouches for. */
  readonly anchored: readonly number[];
  readonly tallies: Readonly<
    Record<SiteCheckKind, { readonly passed: number; readonly failed: number; readonly unchecked: number }>
  >;
  readonly findings: readonly SiteFinding[];
}

/** The report. */
export function buildSiteReport(found: SiteFindings): SiteReport {
  const { logs, joined, findings, covered } = found;
  const has = (verdict: SiteFinding['verdict']) => findings.some((each) => each.verdict === verdict);
  const facts: Omit<SiteReport, 'statement' | 'limits'> = {
    format: siteAuditFormat,
    created: found.created.toISOString(),
    software: found.software,
    outcome: has('failed') ? 'failed' : has('unchecked') || covered.from > 0 ? 'incomplete' : 'clean',
    site: { account: found.account, chainId: found.chainId, logs: logs.map(described) },
    chain: found.chain,
    covered,
    unanchored: logs.reduce(
      (total, { entries }, log) =>
        total + entries.filter(({ entry }) => entry.n > found.anchored[log]!).length,
      0,
    ),
    left: leftRows(joined.left),
    rounds: roundRows(joined.left),
    refused: refusedRows(joined.refused),
    checks: siteCheckNames.map((kind) => ({ kind, ...found.tallies[kind] })),
    findings: [...findings],
    entries: joined.left.map(({ log, entry, fate, as }) => {
      const { n, at, round, place, what, to, bytes, digest } = entry;
      return { log, n, at, round, place, what, to, bytes, digest, fate, transaction: as };
    }),
  };
  return siteReportSchema.parse({ ...facts, statement: statementOf(facts), limits: [...siteLimits] });
}

function described({ folder, files, entries }: ReadLog): SiteReport['site']['logs'][number] {
  const [first, last] = [entries[0], entries.at(-1)];
  return {
    folder,
    files: files.length,
    entries: entries.length,
    from: first?.entry.at ?? '',
    until: last?.entry.at ?? '',
    head: last?.head ?? '0x',
  };
}

function leftRows(left: readonly Left[]): SiteReport['left'] {
  const groups = Map.groupBy(left, ({ entry: { place, what, to } }) => JSON.stringify([place, what, to]));
  return [...groups.values()].map((all) => {
    const times = all.map(({ entry }) => entry.at).sort();
    const { place, what, to } = all[0]!.entry;
    return {
      place,
      what,
      to,
      count: all.length,
      bytes: bytesOf(all),
      unsure: all.filter(({ fate }) => fate === 'unsure').length,
      first: times[0]!,
      last: times.at(-1)!,
    };
  });
}

const roundRows = (left: readonly Left[]): SiteReport['rounds'] =>
  [...Map.groupBy(left, ({ entry }) => entry.round)]
    .map(([round, all]) => ({ round, count: all.length, bytes: bytesOf(all) }))
    .sort((a, b) => a.round - b.round);

function refusedRows(refused: JoinedLogs['refused']): SiteReport['refused'] {
  const groups = Map.groupBy(refused, ({ what, to, why }) => JSON.stringify([what, to, why]));
  return [...groups.values()].map((all) => {
    const { what, to, why } = all[0]!;
    return { what, to, why, times: all.reduce((total, { times }) => total + times, 0) };
  });
}

const bytesOf = (all: readonly Left[]): number => all.reduce((total, { entry }) => total + entry.bytes, 0);
