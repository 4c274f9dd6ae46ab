// The OpenAPI document as a page for people: one file, no script, nothing fetched.

import type { OpenApi, Route } from '../../http/index.ts';
import { html, type Markup } from '../../report/index.ts';

/** What the page says of the two modes; it must not be read past. */
const modes = html`<p><b>Public</b>: <code>aggregate</code>. The witness is the opened sum, which everybody may see; any
service may prove it. <b>In-house</b>: <code>update</code>, <code>alignment</code>. The witness is the sender's secret;
only the sender's own institution's service may see it. There, tokens with the scope <code>secret</code> may send it; it
lies encrypted in the queue and is erased when the job is over.</p>`;

const style = html`<style>body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;
color:#1a1a1a}h2{font-size:1.05rem;margin:2rem 0 .2rem}td{padding:.1rem .8rem .1rem 0;vertical-align:top}
pre{overflow-x:auto;background:#f4f4f2;padding:.8rem}code{background:#f4f4f2}</style>`;

/** @param routes those that the document is made of. */
export function page(routes: readonly Route[], document: OpenApi): string {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Murmuration prover service</title>
${style}</head><body>
<h1>Prover service</h1>
<p>Jobs in, Groth16 proofs out. <a href="/openapi.json">OpenAPI document</a>.</p>
${modes}
${routes.map((each) => section(each, document))}
</body></html>
`.text;
}

function section(each: Route, document: OpenApi): Markup {
  const { parameters, requestBody } = document.paths[each.path]![each.method.toLowerCase()]!;
  const token = each.scopes === 'open' ? 'no token' : `token: ${each.scopes.join(' or ')}`;
  const answers = Object.entries(each.answers).map(
    ([status, { what }]) => html`<tr><td>${status}</td><td>${what}</td></tr>`,
  );
  return html`<section><h2><code>${each.method} ${each.path}</code></h2>
<p>${each.summary}. <i>${token}</i></p>
<table>${answers}</table><details><summary>parameters and body</summary>
<pre>${JSON.stringify({ parameters, requestBody }, null, 2)}</pre></details></section>`;
}
