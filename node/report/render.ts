// The HTML report: one file, inline style and SVG, no script, nothing fetched; all text escaped.
import { html, type Markup } from './escape.ts';
import { bytes, duration, fixed, millions, moment, number, percent, thousandths } from './format.ts';
import { lendingPart } from './lending_page.ts';
import { lineChart, type Series } from './plot.ts';
import { type Comparison, modelNames, modelTitles, type Report, type ReportRound } from './schema.ts';
import { storyOf } from './story.ts';
import { style } from './style.ts';

/** The page of a report that `completeReport` or `reportSchema` has checked. */
export function renderReport(report: Report): string {
  const simulated = report.kind === 'simulation';
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${report.title}</title><style>${style}</style></head><body><main>
<h1>${report.title}</h1>
<p class="quiet"><time datetime="${report.created}">${moment(report.created)}</time></p>
${simulated ? html`<p class="notice"><b>A simulation.</b> Learning, compression, scoring and rewards are the protocol's own code; proofs, encryption and network were off. Nothing here is proven.</p>` : html``}
<p class="story">${storyOf(report)}</p>
${cards(report)}
${report.comparison ? comparisonTable(report.comparison) : html``}
<div class="charts">${charts(report)}</div>
<h2>Trainers</h2>
${trainerTable(report)}
<h2>Rounds</h2>
${roundTable(report)}
${simulated ? html`` : html`<h2>Proofs${report.kind === 'task' ? '' : ' and gas'}</h2>${costTable(report)}`}
${report.lending ? lendingPart(report.lending) : html``}
${report.unfinished ? html`<h2>After the training</h2><p>It ended early: ${report.unfinished}</p>` : html``}
<h2>Configuration</h2>
<dl>${Object.entries(report.config).map(([name, value]) => html`<div><dt>${name}</dt><dd>${String(value)}</dd></div>`)}</dl>
<h2>Model</h2>
<p>${number(report.model.parameters)} parameters, SHA-256 <code>${report.model.digest}</code></p>
</main></body></html>
`.text;
}

function cards({ rounds, totals, kind }: Report): Markup {
  const last = rounds.at(-1);
  const judged = rounds.findLast(({ accuracy }) => accuracy !== undefined);
  const card = (value: string, what: string): Markup =>
    html`<div class="card"><b>${value}</b><span>${what}</span></div>`;
  const fact = (value: string, what: string): Markup => html`<li><b>${value}</b> ${what}</li>`;
  const all = [
    card(
      judged ? percent(judged.accuracy!) : 'none',
      `${kind === 'task' ? 'accuracy by the validators' : 'test accuracy'} at the end`,
    ),
  ];
  if (last?.mirroredAccuracy !== undefined)
    all.push(card(percent(last.mirroredAccuracy), 'the same digits mirrored'));
  if (last?.auc !== undefined) all.push(card(thousandths(last.auc), 'area under the ROC curve at the end'));
  all.push(card(`${totals.accepted} of ${rounds.length}`, 'rounds accepted'));
  if (totals.milliseconds > 0) all.push(card(duration(totals.milliseconds), 'in all'));
  const facts: Markup[] = [];
  if (last) facts.push(fact(percent(last.density), 'of the model travels a round'));
  if (last?.bytesPerTrainer !== undefined)
    facts.push(fact(bytes(last.bytesPerTrainer), 'a trainer sends a round'));
  if (kind !== 'simulation') facts.push(fact(number(totals.proofs), 'proofs'));
  if (totals.gas > 0) facts.push(fact(millions(totals.gas), 'gas'));
  return html`<div class="cards">${all}</div><ul class="facts">${facts}</ul>`;
}

function charts(report: Report): Markup[] {
  const { trainers } = report;
  const rounds = report.rounds.map((r) => r.round);
  if (rounds.length === 0) return [];
  const rejected = {
    rounds: report.rounds.filter((r) => !r.accepted).map((r) => r.round),
    why: 'model rejected, rolled back',
  };
  const common = { rounds, shaded: rejected };
  const names = trainers.map((t) =>
    [t.name, 'trainer'].includes(t.kind) ? t.name : `${t.name} (${t.kind})`,
  );
  const struckIn = trainers.map((_, i) =>
    report.rounds.filter((r) => r.trainers[i]!.struck).map((r) => r.round),
  );
  // Where some stand out, the others are the ground that they stand out from.
  const plain = trainers.map((trainer, i) => trainer.kind === 'plain' && struckIn[i]!.length === 0);
  const some = plain.some((one) => !one);
  const by = (pick: (round: ReportRound, trainer: number, at: number) => number | undefined): Series[] =>
    trainers.map((trainer, i) => ({
      name: names[i]!,
      values: report.rounds.map((round, at) => pick(round, i, at)),
      dashed: !['plain', 'mirrored', 'trainer'].includes(trainer.kind),
      muted: some && plain[i]!,
      ringed: { rounds: struckIn[i]!, why: 'struck' },
    }));
  const earned = trainers.map(() => 0);
  const sums = report.rounds.map((round) => round.trainers.map((t, i) => (earned[i]! += t.reward)));
  const mirrored = report.rounds.some((r) => r.mirroredAccuracy !== undefined);
  const ranked = report.rounds.some((r) => r.auc !== undefined);
  const stakes = by((round, i) => round.trainers[i]!.stake);
  const highest = Math.max(1, ...stakes.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const ringed = struckIn.some((when) => when.length > 0) ? ' A ring marks a strike.' : '';
  return [
    lineChart({
      ...common,
      title: 'Accuracy',
      unit: report.kind === 'task' ? "median of the validators' votes" : 'on test data',
      range: [0, 1],
      format: (x) => `${Math.round(x * 1000) / 10} %`,
      series: [
        {
          name: mirrored ? 'plain' : ranked ? 'accuracy' : 'model',
          values: report.rounds.map((r) => r.accuracy),
        },
        ...(mirrored
          ? [{ name: 'mirrored', values: report.rounds.map((r) => r.mirroredAccuracy), dashed: true }]
          : []),
        ...(ranked
          ? [{ name: 'area under the ROC curve', values: report.rounds.map((r) => r.auc), dashed: true }]
          : []),
      ],
    }),
    lineChart({
      ...common,
      title: 'Reward so far',
      unit: 'tokens',
      format: number,
      series: by((_, i, at) => sums[at]![i]),
    }),
    lineChart({
      ...common,
      title: 'Stake',
      unit: 'tokens, less what was lost or is held for strikes',
      range: [0, highest],
      format: number,
      series: stakes,
    }),
    lineChart({
      ...common,
      title: 'Alignment',
      unit: 'cosine with what was new in the probes',
      note: `Above 0 an update pointed where the validators' own training did, below 0 away from it.${ringed}`,
      format: number,
      series: by((round, i) => round.trainers[i]!.cosine),
    }),
  ];
}

/** Every model beside the others, on each site's rows that nobody has learnt from. */
function comparisonTable({ word, sites, all }: Comparison): Markup {
  const heads = sites.map(
    ({ name, rows }) => html`<th>${name}<br><span class="quiet">${rows.train}, ${rows.test}</span></th>`,
  );
  const cell = ({ logLoss, auc, accuracy }: Comparison['all']['own']) =>
    html`<td>${thousandths(logLoss)}<br><span class="quiet">${auc === undefined ? '–' : thousandths(auc)}, ${Math.round(100 * accuracy)} %</span></td>`;
  return html`<h2>What joining is worth to each ${word}</h2>
<p class="quiet">Log loss on rows that nobody has learnt from, the lower the better; below it the area under the ROC curve, and accuracy. Below each ${word}, the rows that train, and those tested on. Of one cut of the rows: chance alone moves the figures.</p>
<div class="scroll"><table><thead><tr><th>model</th>${heads}<th>all</th></tr></thead><tbody>
${modelNames.map((model) => html`<tr><td>${modelTitles[model]}</td>${sites.map(({ scores }) => cell(scores[model]))}${cell(all[model])}</tr>`)}</tbody></table></div>
<h2>Over the rounds</h2>`;
}

function trainerTable({ trainers, totals }: Report): Markup {
  return html`<div class="scroll"><table><thead><tr><th>trainer</th><th class="text">kind</th><th>stake at start</th><th>stake at end</th><th>strikes</th><th>reward</th><th>share of reward</th></tr></thead><tbody>
${trainers.map((t) => html`<tr><td>${t.name}${t.account ? html` <code class="quiet">${t.account}</code>` : html``}</td><td class="text">${t.kind}${t.ejected ? html` <span class="no">ejected</span>` : html``}</td><td>${fixed(t.stakeStart)}</td><td>${fixed(t.stakeEnd)}</td><td>${t.strikes}</td><td>${fixed(t.reward)}</td><td>${percent(totals.rewards > 0 ? t.reward / totals.rewards : 0)}</td></tr>`)}</tbody></table></div>`;
}

/** A column of the table of rounds: its head, and what stands in it. */
type Column = readonly [head: string, of: (round: ReportRound) => string | undefined];

function roundTable({ rounds, trainers }: Report): Markup {
  const columns: readonly Column[] = [
    ['accuracy', (r) => shown(r.accuracy, percent)],
    ['mirrored', (r) => shown(r.mirroredAccuracy, percent)],
    ['AUC', (r) => shown(r.auc, thousandths)],
    ['density', (r) => percent(r.density)],
    ['bytes a trainer', (r) => shown(r.bytesPerTrainer, bytes)],
    ['time', (r) => shown(r.milliseconds, duration)],
  ];
  const filled = columns.filter(([, of]) => rounds.some((round) => of(round) !== undefined));
  const struck = (round: ReportRound) =>
    trainers.flatMap(({ name }, i) => (round.trainers[i]!.struck ? [name] : [])).join(', ');
  return html`<div class="scroll"><table><thead><tr><th>round</th><th class="text">model</th>${filled.map(([head]) => html`<th>${head}</th>`)}<th class="text">struck</th></tr></thead><tbody>
${rounds.map(
  (r) =>
    html`<tr><td>${r.round}</td><td class="text ${r.accepted ? 'yes' : 'no'}">${r.accepted ? 'accepted' : 'rejected'}</td>${filled.map(([, of]) => html`<td>${of(r) ?? ''}</td>`)}<td class="text">${struck(r)}</td></tr>`,
)}</tbody></table></div>`;
}

const shown = (value: number | undefined, format: (value: number) => string): string | undefined =>
  value === undefined ? undefined : format(value);

function costTable({ rounds }: Report): Markup {
  const proofs = totalsBy(
    rounds.flatMap((r) => Object.entries(r.proofs)),
    (a, b) => ({
      count: a.count + b.count,
      milliseconds: (a.milliseconds ?? 0) + (b.milliseconds ?? 0),
    }),
  );
  const gas = totalsBy(
    rounds.flatMap((r) => Object.entries(r.gas)),
    (a, b) => a + b,
  );
  return html`<div class="scroll"><table><thead><tr><th>proof</th><th>made</th><th>time in all</th><th>each</th></tr></thead><tbody>
${[...proofs].map(([kind, p]) => html`<tr><td>${kind}</td><td>${number(p.count)}</td><td>${p.milliseconds ? duration(p.milliseconds) : ''}</td><td>${p.milliseconds && p.count ? duration(p.milliseconds / p.count) : ''}</td></tr>`)}</tbody>
${
  gas.size === 0
    ? html``
    : html`<thead><tr><th>call</th><th>gas in all</th><th>a round</th><th></th></tr></thead><tbody>
${[...gas].map(([call, g]) => html`<tr><td>${call}</td><td>${number(g)}</td><td>${number(Math.round(g / rounds.length))}</td><td></td></tr>`)}</tbody>`
}</table></div>`;
}

function totalsBy<T>(entries: readonly (readonly [string, T])[], add: (a: T, b: T) => T): Map<string, T> {
  const out = new Map<string, T>();
  for (const [name, value] of entries) out.set(name, out.has(name) ? add(out.get(name)!, value) : value);
  return out;
}
