// From an audit's findings to its report.
import type { Hex } from 'viem';
import type { RoundEntry } from '../../chain/index.ts';
import type { Checks } from '../checks.ts';
import type { Artifact } from '../content/contents.ts';
import { checkKindNames } from '../kinds.ts';
import type { Person } from '../people.ts';
import type { TaskBook } from '../replay/book.ts';
import { limits } from './limits.ts';
import { type AuditReport, auditFormat, auditReportSchema } from './schema.ts';

/** What a report is made of. */
export interface ReportParts {
  readonly created: Date;
  readonly software: string;
  readonly deployment: { readonly chainId: number; readonly marketplace: string; readonly rounds: string };
  readonly name: string | undefined;
  readonly chain: AuditReport['chain'];
  readonly keys: Omit<AuditReport['keys'], 'collectiveKey'>;
  readonly book: TaskBook;
  readonly rounds: readonly RoundEntry[];
  readonly people: readonly Person[];
  readonly checks: Checks;
  readonly artifacts: readonly Artifact[];
}

/** Makes the report. */
export function buildReport(parts: ReportParts): AuditReport {
  const { book, checks, deployment, created, software, chain, keys, people } = parts;
  const { parameters, economics, rules, deadlines } = book.terms!;
  const failed = checkKindNames.some((kind) => checks.tallies[kind].failed > 0);
  const unchecked = checkKindNames.some((kind) => checks.tallies[kind].unchecked > 0);
  return auditReportSchema.parse({
    format: auditFormat,
    created: created.toISOString(),
    software,
    outcome: failed ? 'failed' : unchecked ? 'incomplete' : 'clean',
    task: {
      chainId: deployment.chainId,
      marketplace: deployment.marketplace,
      rounds: deployment.rounds,
      number: book.task.toString(),
      planner: book.planner,
      status: book.status,
      name: parts.name ?? null,
      description: parameters.metadata,
      firstModel: parameters.model,
      lastModel: book.model,
    },
    chain,
    parameters: worded({ ...parameters, ...economics, ...rules, ...deadlines }),
    keys: { ...keys, collectiveKey: book.collectiveKey ?? null },
    people: people.map((person) => ({
      ...person,
      pledged: `${person.pledged}`,
      earned: `${person.earned}`,
      reported: `${person.reported}`,
      slashed: `${person.slashed}`,
      burnt: `${person.burnt}`,
    })),
    rounds: parts.rounds.map(roundOf),
    checks: checkKindNames.map((kind) => ({ kind, ...checks.tallies[kind] })),
    findings: checks.findings.map(({ round, artifact, ...finding }) => ({
      ...finding,
      round: round ?? null,
      artifact: artifact ?? null,
    })),
    misconduct: checks.misconduct.toSorted((a, b) => a.round - b.round),
    limits: [...limits],
    artifacts: parts.artifacts.map(({ digest, kind, state }) => ({ kind, digest, state })),
  });
}

const roundOf = (entry: RoundEntry): AuditReport['rounds'][number] => ({
  number: entry.number,
  outcome: entry.outcome,
  updates: entry.submitted.update.length,
  probes: entry.submitted.probe.length,
  refused: entry.rejected.length + entry.rejectedSums.length,
  excluded: entry.excluded.length,
  leftOut: entry.leftOut.length,
  sums: entry.sums.size,
  quality: entry.tally?.quality ?? null,
  gain: entry.tally?.gain ?? null,
  model: (entry.modelAfter as Hex | undefined) ?? null,
});

const worded = (all: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)]));
