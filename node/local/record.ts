// The record of a local federation as it runs: from the roles' own figures and from the task's journal.

import type { RoundEntry } from '../chain/index.ts';
import { type HostedRows, supportShape } from '../learn/index.ts';
import { standingOf } from '../ledger/index.ts';
import { decodeModel, digestOf, encodeModel, figureUnit, wholeTokens } from '../protocol/index.ts';
import { completeReport, type Report, type ReportRound } from '../report/index.ts';
import type { RoleEvent } from '../roles/index.ts';
import type { TestFigure } from '../scenarios/index.ts';
import { type LocalFederation, memberStake } from './assembly.ts';
import type { Snapshot, TrainerLine } from './view.ts';

/** Figures of one round that only the roles know. */
interface Figures {
  started: number;
  milliseconds: number;
  bytes: number;
  proofs: Record<string, { count: number; milliseconds: number }>;
  gas: Record<string, number>;
  quality?: Quality;
}

/** What the scenario's tests say of a model. */
type Quality = Partial<Record<TestFigure['field'], number>>;

/** Keeps the record of a run. */
export interface Recorder {
  observe(event: RoleEvent): void;
  /** Follows the journal: evaluates the model of every round that has ended. */
  follow(federation: LocalFederation): Promise<void>;
  snapshot(federation: LocalFederation): Snapshot;
  report(federation: LocalFederation): Promise<Report>;
}

/** An empty record. */
export function createRecorder(): Recorder {
  const rounds = new Map<number, Figures>();
  const of = (round: number): Figures => {
    let figures = rounds.get(round);
    if (!figures) {
      figures = { started: performance.now(), milliseconds: 0, bytes: 0, proofs: {}, gas: {} };
      rounds.set(round, figures);
    }
    return figures;
  };

  function observe(event: RoleEvent): void {
    if (event.type === 'proof') {
      const { proofs } = of(event.round);
      const { count, milliseconds } = proofs[event.statement] ?? { count: 0, milliseconds: 0 };
      proofs[event.statement] = { count: count + 1, milliseconds: milliseconds + event.milliseconds };
    } else if (event.type === 'transaction') {
      const { gas } = of(event.round);
      gas[event.call] = (gas[event.call] ?? 0) + Number(event.gas);
    } else if (event.type === 'content') {
      const figures = of(event.round);
      figures.bytes = Math.max(figures.bytes, event.bytes);
    }
  }

  let taken: Promise<HostedRows[]> | undefined;

  async function follow(federation: LocalFederation): Promise<void> {
    const { chain, layout, store, scenario } = federation;
    for (const entry of chain.journal.rounds) {
      const figures = of(entry.number);
      if (entry.modelAfter === undefined || figures.quality) continue;
      figures.milliseconds = performance.now() - figures.started;
      const bytes = await store.get(entry.modelAfter, { maxBytes: layout.size * 4 });
      const model = decodeModel(bytes, layout.size);
      taken ??= takeTests(federation);
      const quality: Quality = {};
      for (const [at, rows] of (await taken).entries()) {
        const evaluation = await rows.evaluate(model);
        for (const figure of scenario.tests[at]!.figures) quality[figure.field] = figure.of(evaluation);
      }
      figures.quality = quality;
    }
  }

  async function takeTests({ host, scenario, statistics }: LocalFederation): Promise<HostedRows[]> {
    const scale = await statistics();
    return Promise.all(scenario.tests.map(({ rows }) => host.take(rows.dataset(scale))));
  }

  const ended = ({ chain }: LocalFederation) =>
    chain.journal.rounds.filter(({ number }) => of(number).quality);

  /** A trainer after some rounds. */
  function standing(federation: LocalFederation, index: number, upTo: readonly RoundEntry[]): TrainerLine {
    const { account, kind } = federation.trainers[index]!;
    const { address } = account.signer;
    const { level, lost, reward } = standingOf(address, upTo, federation.scenario.terms.economics.strike);
    const last = upTo.at(-1)?.settled.find(({ trainer }) => trainer === address);
    return {
      name: account.name,
      kind,
      stake: wholeTokens(memberStake - lost),
      strikes: level,
      reward: wholeTokens(reward),
      cosine: last && last.seen / figureUnit,
      ejected: federation.chain.journal.ejected.has(address),
    };
  }

  function roundOf(federation: LocalFederation, entry: RoundEntry, upTo: readonly RoundEntry[]): ReportRound {
    const { chain, description, layout, trainers } = federation;
    const { milliseconds, bytes, proofs, gas, quality } = of(entry.number);
    return {
      round: entry.number,
      accepted: entry.outcome === 'accepted',
      ...quality,
      density: supportShape(description, layout, entry.index).count / layout.size,
      bytesPerTrainer: bytes,
      milliseconds,
      proofs,
      gas,
      trainers: trainers.map(({ account }, index) => {
        const own = entry.settled.find(({ trainer }) => trainer === account.signer.address);
        const { stake, strikes, cosine } = standing(federation, index, upTo);
        return {
          stake,
          strikes,
          struck: own?.struck ?? false,
          reward: wholeTokens(own?.reward ?? 0n),
          ...(cosine !== undefined && chain.journal.rounds.length > 0 && { cosine }),
        };
      }),
    };
  }

  return {
    observe,
    follow,

    snapshot(federation) {
      const { chain, options, scenario, trainers } = federation;
      const entry = chain.journal.rounds.at(-1);
      return {
        round: entry?.number ?? 0,
        rounds: options.rounds,
        phase: entry?.phase ?? 'keying',
        curves: scenario.tests.flatMap(({ figures }) =>
          figures.map(({ name, field, shown }) => ({
            name,
            shown,
            values: ended(federation).map(({ number }) => of(number).quality![field]!),
          })),
        ),
        proofs: entry ? of(entry.number).proofs : {},
        trainers: trainers.map((_, index) => standing(federation, index, chain.journal.rounds)),
      };
    },

    async report(federation) {
      const { chain, options, layout, scenario, store, firstModel, trainers } = federation;
      const done = ended(federation);
      const last = done.at(-1)?.modelAfter;
      const model = last ? await store.get(last, { maxBytes: layout.size * 4 }) : encodeModel(firstModel);
      const comparison =
        last && (await scenario.compare?.(decodeModel(model, layout.size), await federation.statistics()));
      return completeReport({
        kind: 'federation',
        title: `Local federation: ${federation.description.name}`,
        created: new Date().toISOString(),
        config: { ...options, adversary: options.adversary.join(', ') || 'nobody' },
        rounds: done.map((entry, at) => roundOf(federation, entry, done.slice(0, at + 1))),
        trainers: trainers.map(({ account, kind }, index) => {
          const { stake, strikes, reward, ejected } = standing(federation, index, chain.journal.rounds);
          const { address } = account.signer;
          return {
            name: account.name,
            kind,
            account: address,
            stakeStart: wholeTokens(memberStake),
            stakeEnd: stake,
            strikes,
            reward,
            ejected,
          };
        }),
        ...(comparison && { comparison }),
        model: { parameters: layout.size, digest: digestOf(model) },
      });
    },
  };
}
