// Charts as SVG files of their own, for documents: the report's drawing, with its colours and legend inside.
import { html, type Markup } from './escape.ts';
import { type Chart, colours, drawing, niceTicks, size } from './plot.ts';
import { style } from './style.ts';

const lineHeight = 20;

/** A line chart with title and legend. */
export function chartFile(chart: Chart): string {
  const legend = chart.series.map((one, i) => {
    const y = size.height + 14 + lineHeight * i;
    return html`<line class="series c${i % colours}${one.dashed ? ' dashed' : ''}" x1="${size.left}" x2="${size.left + 24}" y1="${y}" y2="${y}"/><text class="tick" x="${size.left + 32}" y="${y + 4}">${one.name}</text>`;
  });
  const height = size.height + lineHeight * (chart.series.length + 1);
  return file(
    { title: chart.title, unit: chart.unit, width: size.width, height },
    html`${drawing(chart)}${legend}`,
  );
}

/** A chart of bars that lie: one group of bars a name. */
export interface BarChart {
  readonly title: string;
  readonly unit: string;
  /** What each bar of a group is. */
  readonly series: readonly string[];
  /** `values[i]` of `series[i]`, with the largest of its runs; undefined leaves a bar out. */
  readonly groups: readonly {
    readonly name: string;
    readonly values: readonly ({ readonly value: number; readonly most: number } | undefined)[];
  }[];
  /** A line that bars are read against. */
  readonly mark?: { readonly value: number; readonly name: string };
  /** How a value is written. */
  format(value: number): string;
}

const bars = { left: 190, right: 30, top: 10, thick: 9, gap: 8 };

/** A bar chart with title and legend; a thin line reaches to the largest run. */
export function barFile(chart: BarChart): string {
  const { groups, series, mark, format } = chart;
  const most = Math.max(
    mark?.value ?? 0,
    ...groups.flatMap(({ values }) => values.map((one) => one?.most ?? 0)),
  );
  const ticks = niceTicks(0, most);
  const step = bars.thick * series.length + bars.gap;
  const bottom = bars.top + step * groups.length;
  const x = (value: number) => bars.left + (value / ticks.at(-1)!) * (size.width - bars.left - bars.right);
  const grid = ticks.map(
    (tick) =>
      html`<line class="grid" x1="${x(tick).toFixed(1)}" x2="${x(tick).toFixed(1)}" y1="${bars.top}" y2="${bottom}"/><text class="tick" x="${x(tick).toFixed(1)}" y="${bottom + 16}" text-anchor="middle">${format(tick)}</text>`,
  );
  const drawn = groups.map(({ name, values }, g) => {
    const top = bars.top + step * g + bars.gap / 2;
    const middle = top + (bars.thick * series.length) / 2 + 4;
    const lines = values.map((one, i) => {
      if (!one) return html``;
      const y = top + bars.thick * (i + 0.5);
      return html`<line class="bar c${i}" x1="${x(0).toFixed(1)}" x2="${x(one.value).toFixed(1)}" y1="${y}" y2="${y}"><title>${name}, ${series[i]!}: ${format(one.value)}</title></line><line class="series c${i} whisker" x1="${x(0).toFixed(1)}" x2="${x(one.most).toFixed(1)}" y1="${y}" y2="${y}"/>`;
    });
    return html`<text class="tick" x="${bars.left - 8}" y="${middle}" text-anchor="end">${name}</text>${lines}`;
  });
  const legend = [...series, ...(mark ? [mark.name] : [])].map((name, i) => {
    const y = bottom + 38 + lineHeight * i;
    const kind = i < series.length ? `bar c${i}` : 'mark';
    return html`<line class="${kind}" x1="${bars.left}" x2="${bars.left + 24}" y1="${y}" y2="${y}"/><text class="tick" x="${bars.left + 32}" y="${y + 4}">${name}</text>`;
  });
  const line = mark
    ? html`<line class="mark" x1="${x(mark.value).toFixed(1)}" x2="${x(mark.value).toFixed(1)}" y1="${bars.top}" y2="${bottom}"/>`
    : html``;
  const height = bottom + 38 + lineHeight * legend.length;
  return file({ ...chart, width: size.width, height }, html`${grid}${drawn}${line}${legend}`);
}

const titleHeight = 30;

function file(
  {
    title,
    unit,
    width,
    height,
  }: { readonly title: string; readonly unit: string; width: number; height: number },
  inside: Markup,
): string {
  return `${
    html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 ${-titleHeight} ${width} ${height + titleHeight}" role="img" aria-label="${title}"><style>${style}
text { font-family: system-ui, sans-serif; } .title { fill: var(--ink); font-size: 15px; font-weight: 600; }
.bar { stroke-width: ${bars.thick - 2}; } ${Array.from({ length: colours }, (_, i) => `.bar.c${i} { stroke: var(--c${i}); }`).join(' ')}
.whisker { stroke-width: 1; opacity: .6; } .mark { stroke: var(--bad); stroke-dasharray: 3 4; }</style><rect x="0" y="${-titleHeight}" width="${width}" height="${height + titleHeight}" style="fill: var(--card)"/><text class="title" x="12" y="-10">${title} <tspan class="tick">${unit}</tspan></text>${inside}</svg>`
      .text
  }\n`;
}
