// What pages of audits have in common: one file, inline style, no script, nothing fetched; all text escaped.
import { html, type Markup, pageStyle } from '../report/index.ts';

/** Findings and rows shown in full; the report's JSON has all of them. */
export const mostShown = 200;

/** What a page begins with. */
export interface PageHead {
  readonly title: string;
  readonly heading: Markup;
  /** When and by what it was made. */
  readonly made: Markup;
  readonly outcome: string;
  /** The class of the outcome's word, and what the outcome means. */
  readonly verdict: readonly [tone: string, words: string];
}

/** A page around its body. */
export function auditPage({ title, heading, made, outcome, verdict }: PageHead, body: Markup): string {
  const [tone, words] = verdict;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title><style>${pageStyle} td.wrap { white-space: normal; overflow-wrap: anywhere; }</style></head><body><main>
<h1>${heading}</h1>
<p class="quiet">${made}</p>
<p class="notice"><b class="${tone}">${outcome}</b>: ${words}</p>
${body}
</main></body></html>
`.text;
}

/** How often each kind of check held, failed, or could not be made. @param kinds what each is, in words */
export function checkTable<Kind extends string>(
  checks: readonly {
    readonly kind: string;
    readonly passed: number;
    readonly failed: number;
    readonly unchecked: number;
  }[],
  kinds: Readonly<Record<Kind, { readonly title: string; readonly method: string }>>,
): Markup {
  return html`<div class="scroll"><table><thead><tr><th>what</th><th class="text">how</th><th>hold</th><th>fail</th><th>not checked</th></tr></thead><tbody>
${checks.map((check) => {
  const { title, method } = kinds[check.kind as Kind];
  return html`<tr><td class="wrap">${title}</td><td class="text wrap">${method}</td><td>${check.passed}</td><td class="${check.failed > 0 ? 'no' : ''}">${check.failed}</td><td>${check.unchecked}</td></tr>`;
})}</tbody></table></div>`;
}

/** How many of a list are not shown. @param file has them */
export const rest = (count: number, file: string): Markup =>
  count > mostShown ? html`<p class="quiet">and ${count - mostShown} more in ${file}</p>` : html``;

/** Names with their values, as the inside of a list of definitions. */
export const definitions = (values: Readonly<Record<string, string>>): Markup[] =>
  Object.entries(values).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`);
