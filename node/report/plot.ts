// Line charts as inline SVG: axes, grid, legend, hover titles; colours from the page's CSS variables.
import { html, type Markup } from './escape.ts';

/** One line. `values[i]` belongs to round `rounds[i]`; `undefined` leaves a gap. */
export interface Series {
  readonly name: string;
  readonly values: readonly (number | undefined)[];
  readonly dashed?: boolean;
  /** One of many alike, behind those that the chart is about. */
  readonly muted?: boolean;
  /** Rounds whose points are ringed, with the reason. */
  readonly ringed?: { readonly rounds: readonly number[]; readonly why: string };
}

/** A chart of one value a round. */
export interface Chart {
  readonly title: string;
  /** What the vertical axis shows. */
  readonly unit: string;
  readonly rounds: readonly number[];
  readonly series: readonly Series[];
  /** Vertical range; without it from the data. */
  readonly range?: [number, number];
  /** How a value is written. */
  format(value: number): string;
  /** Rounds to shade, with the reason. */
  readonly shaded?: { rounds: readonly number[]; why: string };
  /** What the values mean, in a sentence. */
  readonly note?: string;
}

/** The chart with its title and legend. */
export function lineChart(chart: Chart): Markup {
  const { series, note } = chart;
  return html`<figure><figcaption>${chart.title} <span class="unit">${chart.unit}</span></figcaption>${note === undefined ? html`` : html`<p class="note">${note}</p>`}
<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${chart.title}">${drawing(chart)}</svg>
<ul class="legend">${series.map((one, i) => html`<li><svg class="key" viewBox="0 0 22 10"><line class="${lineClass(one, i)}" x1="1" x2="21" y1="5" y2="5"/>${mark(i, { x: 11, y: 5, radius: 3, one })}</svg>${one.name}</li>`)}</ul></figure>`;
}

/** The size of a drawing, and the room around its lines. */
export const size = { width: 720, height: 300, left: 66, right: 16, top: 14, bottom: 34 };

/** Axes, grid and lines of a chart. */
export function drawing(chart: Chart): Markup {
  const { rounds, series } = chart;
  const [low, high] = chart.range ?? extent(series);
  const ticks = niceTicks(low, high);
  const bottom = Math.min(low, ticks[0]!);
  const top = Math.max(high, ticks.at(-1)!);
  const first = rounds[0] ?? 1;
  const last = rounds.at(-1) ?? 1;
  const x = (round: number): number =>
    size.left + ((round - first) / Math.max(1, last - first)) * (size.width - size.left - size.right);
  const y = (value: number): number =>
    size.top + (1 - (value - bottom) / (top - bottom || 1)) * (size.height - size.top - size.bottom);
  const half = (x(first + 1) - x(first)) / 2 || 8;
  const shades = (chart.shaded?.rounds ?? []).map(
    (round) =>
      html`<rect class="shade" x="${px(Math.max(size.left, x(round) - half))}" y="${size.top}" width="${px(Math.min(size.width - size.right, x(round) + half) - Math.max(size.left, x(round) - half))}" height="${size.height - size.top - size.bottom}"><title>round ${round}: ${chart.shaded!.why}</title></rect>`,
  );
  const grid = ticks.map(
    (tick) =>
      html`<line class="grid" x1="${size.left}" x2="${size.width - size.right}" y1="${px(y(tick))}" y2="${px(y(tick))}"/><text class="tick" x="${size.left - 8}" y="${px(y(tick) + 4)}" text-anchor="end">${chart.format(tick)}</text>`,
  );
  const labels = roundLabels(rounds).map(
    (round) =>
      html`<text class="tick" x="${px(x(round))}" y="${size.height - 14}" text-anchor="middle">${round}</text>`,
  );
  const zero =
    bottom < 0 && top > 0
      ? html`<line class="zero" x1="${size.left}" x2="${size.width - size.right}" y1="${px(y(0))}" y2="${px(y(0))}"/>`
      : html``;
  // Those that the chart is about lie over the others.
  const drawn = series.map((one, index) => ({ one, index, chart, x, y }));
  const lines = [...drawn.filter(({ one }) => one.muted), ...drawn.filter(({ one }) => !one.muted)].map(line);
  return html`${shades}${grid}${zero}${labels}<text class="tick" x="${size.width - size.right}" y="${size.height - 1}" text-anchor="end">round</text>${lines}`;
}

/** How many series colours the page defines. */
export const colours = 8;

/** One series in its chart; `x` and `y` give places in the picture. */
interface Line {
  readonly one: Series;
  readonly index: number;
  readonly chart: Chart;
  x(round: number): number;
  y(value: number): number;
}

function line({ one, index, chart, x, y }: Line): Markup {
  let path = '';
  let pen = 'M';
  const dots: Markup[] = [];
  one.values.forEach((value, i) => {
    if (value === undefined) {
      pen = 'M';
      return;
    }
    const round = chart.rounds[i]!;
    path += `${pen}${px(x(round))} ${px(y(value))}`;
    pen = 'L';
    const ringed = one.ringed?.rounds.includes(round) ?? false;
    const at = { x: x(round), y: y(value), radius: chart.rounds.length > 20 ? 2 : 3, one };
    const ring = html`<circle class="ring c${index % colours}" cx="${px(at.x)}" cy="${px(at.y)}" r="${at.radius + 4}"/>`;
    const told = `${one.name}, round ${round}: ${chart.format(value)}${ringed ? `, ${one.ringed!.why}` : ''}`;
    dots.push(html`<g><title>${told}</title>${mark(index, at)}${ringed ? ring : html``}</g>`);
  });
  return html`<path class="${lineClass(one, index)}" d="${path}"/>${dots}`;
}

const lineClass = ({ muted, dashed }: Series, index: number): string =>
  `series ${muted ? 'muted' : `c${index % colours}`}${dashed ? ' dashed' : ''}`;

/** A series' point: series differ by its shape, too, for who sees colours otherwise. */
function mark(
  index: number,
  at: { readonly x: number; readonly y: number; readonly radius: number; readonly one: Series },
): Markup {
  const { x, y, radius: r, one } = at;
  const name = `dot ${one.muted ? 'muted' : `c${index % colours}`}`;
  const shape = one.muted ? 0 : index % 4;
  if (shape === 1)
    return html`<rect class="${name}" x="${px(x - r)}" y="${px(y - r)}" width="${2 * r}" height="${2 * r}"/>`;
  if (shape === 2)
    return html`<path class="${name}" d="M${px(x)} ${px(y - r - 1)}L${px(x + r + 1)} ${px(y)}L${px(x)} ${px(y + r + 1)}L${px(x - r - 1)} ${px(y)}Z"/>`;
  if (shape === 3)
    return html`<path class="${name}" d="M${px(x)} ${px(y - r - 1)}L${px(x + r + 1)} ${px(y + r)}L${px(x - r - 1)} ${px(y + r)}Z"/>`;
  return html`<circle class="${name}" cx="${px(x)}" cy="${px(y)}" r="${r}"/>`;
}

const px = (value: number): string => value.toFixed(1);

function extent(series: readonly Series[]): [number, number] {
  const values = series.flatMap((one) => one.values.filter((v) => v !== undefined));
  if (values.length === 0) return [0, 1];
  const low = Math.min(...values);
  const high = Math.max(...values);
  return low === high ? [low - 1, high + 1] : [low, high];
}

/** Four to eight round numbers that span `low` to `high`. */
export function niceTicks(low: number, high: number): number[] {
  const rough = (high - low) / 5 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? 10 * power;
  const from = Math.floor(low / step + 1e-9);
  const to = Math.ceil(high / step - 1e-9);
  return Array.from({ length: to - from + 1 }, (_, i) => Number(((from + i) * step).toPrecision(12)));
}

function roundLabels(rounds: readonly number[]): number[] {
  const every = Math.max(1, Math.ceil(rounds.length / 12));
  return rounds.filter((_, i) => i % every === 0);
}
