// The HTML report: one file, inline style and SVG, no script, nothing fetched; all text escaped.
import { html, type Markup } from './escape.ts';
import { lineChart, type Series } from './plot.ts';
import type { Report, ReportRound } from './schema.ts';
import { style } from './style.ts';

/** The page of a report that `completeReport` or `reportSchema` has checked. */
export function renderReport(report: Report): string {
  const simulated = report.kind === 'simulation';
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${report.title}</title><style>${style}</style></head><body><main>
<h1>${report.title}</h1>
<p class="quiet">${report.created}</p>
${simulated ? html`<p class="notice"><b>A simulation.</b> Learning, compression, scoring and rewards are the protocol's own code; proofs, encryption and network were off. Nothing here is proven.</p>` : html``}
${cards(report)}
<div class="charts">${charts(report)}</div>
<h2>Trainers</h2>
${trainerTable(report)}
<h2>Rounds</h2>
${roundTable(report)}
${simulated ? html`` : html`<h2>Proofs and gas</h2>${costTable(report)}`}
<h2>Configuration</h2>
<dl>${Object.entries(report.config).map(([name, value]) => html`<div><dt>${name}</dt><dd>${String(value)}</dd></div>`)}</dl>
<h2>Model</h2>
<p>${number(report.model.parameters)} parameters, SHA-256 <code>${report.model.digest}</code></p>
</main></body></html>
`.text;
}

const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;
const number = (x: number): string => x.toLocaleString('en-US', { maximumFractionDigits: 2 });
const millions = (x: number): string => (x < 1e6 ? number(x) : `${(x / 1e6).toFixed(1)} M`);
const fixed = (x: number): string =>
  x.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** Bytes with a unit, for people. */
export function bytes(x: number): string {
  if (x < 1024) return `${x} B`;
  return x < 1_048_576 ? `${(x / 1024).toFixed(1)} KiB` : `${(x / 1_048_576).toFixed(1)} MiB`;
}

/** A duration with a unit, for people. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds.toFixed(0)} ms`;
  const seconds = milliseconds / 1000;
  return seconds < 120
    ? `${seconds.toFixed(1)} s`
    : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

function cards({ rounds, totals, kind }: Report): Markup {
  const last = rounds.at(-1);
  const card = (value: string, what: string): Markup =>
    html`<div class="card"><b>${value}</b><span>${what}</span></div>`;
  const all = [card(last ? percent(last.accuracy) : 'none', 'test accuracy at the end')];
  if (last?.mirroredAccuracy !== undefined)
    all.push(card(percent(last.mirroredAccuracy), 'the same digits mirrored'));
  all.push(card(`${totals.accepted} of ${rounds.length}`, 'rounds accepted'));
  if (last) all.push(card(percent(last.density), 'of the model travels a round'));
  if (last) all.push(card(bytes(last.bytesPerTrainer), 'a trainer sends a round'));
  if (kind === 'federation')
    all.push(card(number(totals.proofs), 'proofs made'), card(millions(totals.gas), 'gas in all'));
  all.push(card(duration(totals.milliseconds), 'in all'));
  return html`<div class="cards">${all}</div>`;
}

function charts(report: Report): Markup[] {
  const rounds = report.rounds.map((r) => r.round);
  if (rounds.length === 0) return [];
  const rejected = {
    rounds: report.rounds.filter((r) => !r.accepted).map((r) => r.round),
    why: 'model rejected, rolled back',
  };
  const names = report.trainers.map((t) => (t.name === t.kind ? t.name : `${t.name} (${t.kind})`));
  const by = (pick: (round: ReportRound, trainer: number, at: number) => number | undefined): Series[] =>
    report.trainers.map((trainer, i) => ({
      name: names[i]!,
      values: report.rounds.map((round, at) => pick(round, i, at)),
      dashed: trainer.kind !== 'plain' && trainer.kind !== 'mirrored',
    }));
  const earned = report.trainers.map(() => 0);
  const sums = report.rounds.map((round) => round.trainers.map((t, i) => (earned[i]! += t.reward)));
  const mirrored = report.rounds.some((r) => r.mirroredAccuracy !== undefined);
  return [
    lineChart({
      title: 'Accuracy',
      unit: 'on test digits',
      rounds,
      range: [0, 1],
      shaded: rejected,
      format: (x) => `${Math.round(x * 1000) / 10} %`,
      series: [
        { name: 'plain', values: report.rounds.map((r) => r.accuracy) },
        ...(mirrored
          ? [{ name: 'mirrored', values: report.rounds.map((r) => r.mirroredAccuracy), dashed: true }]
          : []),
      ],
    }),
    lineChart({
      title: 'Reward so far',
      unit: 'tokens',
      rounds,
      format: number,
      shaded: rejected,
      series: by((_, i, at) => sums[at]![i]),
    }),
    lineChart({
      title: 'Stake',
      unit: 'tokens',
      rounds,
      format: number,
      shaded: rejected,
      series: by((round, i) => round.trainers[i]!.stake),
    }),
    lineChart({
      title: 'Alignment with the probe',
      unit: 'cosine',
      rounds,
      format: number,
      shaded: rejected,
      series: by((round, i) => round.trainers[i]!.cosine),
    }),
  ];
}

function trainerTable({ trainers, totals }: Report): Markup {
  return html`<div class="scroll"><table><thead><tr><th>trainer</th><th class="text">kind</th><th>stake at start</th><th>stake at end</th><th>strikes</th><th>reward</th><th>share of reward</th></tr></thead><tbody>
${trainers.map((t) => html`<tr><td>${t.name}${t.account ? html` <code class="quiet">${t.account}</code>` : html``}</td><td class="text">${t.kind}${t.ejected ? html` <span class="no">ejected</span>` : html``}</td><td>${fixed(t.stakeStart)}</td><td>${fixed(t.stakeEnd)}</td><td>${t.strikes}</td><td>${fixed(t.reward)}</td><td>${percent(totals.rewards > 0 ? t.reward / totals.rewards : 0)}</td></tr>`)}</tbody></table></div>`;
}

function roundTable({ rounds, trainers }: Report): Markup {
  return html`<div class="scroll"><table><thead><tr><th>round</th><th class="text">model</th><th>accuracy</th><th>mirrored</th><th>density</th><th>bytes a trainer</th><th>time</th><th class="text">struck</th></tr></thead><tbody>
${rounds.map(
  (r) =>
    html`<tr><td>${r.round}</td><td class="text ${r.accepted ? 'yes' : 'no'}">${r.accepted ? 'accepted' : 'rejected'}</td><td>${percent(r.accuracy)}</td><td>${r.mirroredAccuracy === undefined ? '' : percent(r.mirroredAccuracy)}</td><td>${percent(r.density)}</td><td>${bytes(r.bytesPerTrainer)}</td><td>${duration(r.milliseconds)}</td><td class="text">${trainers
      .filter((_, i) => r.trainers[i]!.struck)
      .map((t) => t.name)
      .join(', ')}</td></tr>`,
)}</tbody></table></div>`;
}

function costTable({ rounds }: Report): Markup {
  const proofs = totalsBy(
    rounds.flatMap((r) => Object.entries(r.proofs)),
    (a, b) => ({
      count: a.count + b.count,
      milliseconds: a.milliseconds + b.milliseconds,
    }),
  );
  const gas = totalsBy(
    rounds.flatMap((r) => Object.entries(r.gas)),
    (a, b) => a + b,
  );
  return html`<div class="scroll"><table><thead><tr><th>proof</th><th>made</th><th>time in all</th><th>each</th></tr></thead><tbody>
${[...proofs].map(([kind, p]) => html`<tr><td>${kind}</td><td>${number(p.count)}</td><td>${duration(p.milliseconds)}</td><td>${p.count ? duration(p.milliseconds / p.count) : ''}</td></tr>`)}</tbody>
<thead><tr><th>call</th><th>gas in all</th><th>a round</th><th></th></tr></thead><tbody>
${[...gas].map(([call, g]) => html`<tr><td>${call}</td><td>${number(g)}</td><td>${number(Math.round(g / rounds.length))}</td><td></td></tr>`)}</tbody></table></div>`;
}

function totalsBy<T>(entries: readonly (readonly [string, T])[], add: (a: T, b: T) => T): Map<string, T> {
  const out = new Map<string, T>();
  for (const [name, value] of entries) out.set(name, out.has(name) ? add(out.get(name)!, value) : value);
  return out;
}
