// The report's style sheet: light and dark by the reader's setting, system fonts, nothing from outside.
import { Markup } from './escape.ts';

/** The page's CSS: light and dark by the reader's setting. */
export const style = new Markup(`
:root { color-scheme: light dark; --ground: #fbfaf7; --card: #ffffff; --ink: #1d2430; --quiet: #667085; --rule: #e4e2dc; --shade: #f3d9d3; --accent: #2f6f8f; --bad: #b3412e; --good: #2d7a4f;
  --c0: #2f6f8f; --c1: #d1792c; --c2: #4c9a6a; --c3: #8a5fa8; --c4: #c2475b; --c5: #7a6a4f; --c6: #2aa3a3; --c7: #6b7f1f; }
@media (prefers-color-scheme: dark) { :root { --ground: #12161c; --card: #1a2029; --ink: #e8eaee; --quiet: #98a2b3; --rule: #2b333f; --shade: #4a2a2a; --accent: #7cc0e0; --bad: #f08a76; --good: #7fd3a2;
  --c0: #6fb7dc; --c1: #f0a35e; --c2: #7fd3a2; --c3: #c29be0; --c4: #f0808f; --c5: #c8b48c; --c6: #5fd6d6; --c7: #bfd05f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 18px; margin: 40px 0 12px; }
.quiet, .unit { color: var(--quiet); font-weight: 400; }
.notice { border-left: 4px solid var(--c1); background: var(--card); padding: 10px 16px; margin: 20px 0; border-radius: 4px; }
.story { font-size: 17px; max-width: 75ch; margin: 20px 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 220px), 1fr)); gap: 12px; margin: 24px 0 12px; }
.facts { display: flex; flex-wrap: wrap; gap: 4px 28px; margin: 0 0 28px; padding: 0 4px; list-style: none; color: var(--quiet); font-variant-numeric: tabular-nums; } .facts b { color: var(--ink); font-weight: 600; }
.card { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 14px 16px; }
.card b { display: block; font-size: 24px; font-weight: 650; font-variant-numeric: tabular-nums; letter-spacing: -0.01em; }
.card span { color: var(--quiet); font-size: 13px; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 16px; }
figure { margin: 0; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 14px 16px; }
figcaption { font-weight: 600; margin-bottom: 6px; } .note { color: var(--quiet); font-size: 13px; margin: 0 0 6px; }
svg { width: 100%; height: auto; display: block; }
.grid { stroke: var(--rule); stroke-width: 1; } .tick { fill: var(--quiet); font-size: 13px; font-variant-numeric: tabular-nums; } .zero { stroke: var(--quiet); stroke-width: 1.4; }
@media (max-width: 560px) { .tick { font-size: 20px; } }
.shade { fill: var(--shade); opacity: .7; }
.series { fill: none; stroke-width: 2.2; stroke-linejoin: round; stroke-linecap: round; } .dashed { stroke-dasharray: 2 5; }
.series.muted { stroke: var(--quiet); stroke-width: 1.6; opacity: .55; } .dot.muted { fill: var(--quiet); opacity: .7; } .ring { fill: none; stroke: var(--bad); stroke-width: 1.6; }
${Array.from({ length: 8 }, (_, i) => `.series.c${i} { stroke: var(--c${i}); } .dot.c${i} { fill: var(--c${i}); }`).join('\n')}
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 8px 0 0; padding: 0; font-size: 13px; color: var(--quiet); }
.legend li { display: flex; align-items: center; gap: 6px; } .key { width: 22px; flex: none; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 14px; }
th, td { padding: 8px 14px; text-align: right; white-space: nowrap; border-top: 1px solid var(--rule); }
thead th { border-top: 0; color: var(--quiet); font-weight: 500; font-size: 13px; } th:first-child, td:first-child, .text { text-align: left; }
.yes { color: var(--good); } .no { color: var(--bad); }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: 8px 24px; margin: 0; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 16px; }
dt { color: var(--quiet); font-size: 13px; } dd { margin: 0; overflow-wrap: anywhere; }
code { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
@media print { body { background: #fff; } .card, figure, .scroll, dl { break-inside: avoid; } }
`);
