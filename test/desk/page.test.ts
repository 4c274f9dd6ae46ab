// The built page: it needs nothing that the strict policy forbids, and asks nobody but its own node.
import { beforeAll, expect, it } from 'vitest';
import { loadPage, type Page } from '../../desk/index.ts';
import { cacheFolder } from '../cache_folder.ts';

let page: Page;
beforeAll(async () => {
  page = await loadPage({ cacheFolder });
});

const textOf = (path: string) => Buffer.from(page.get(path)!.bytes).toString('utf8');
const paths = (ending: string) => [...page.keys()].filter((path) => path.endsWith(ending));

it('is a document, one script and one sheet of its own, and the licences of what is in them', () => {
  expect(page.has('/index.html')).toBe(true);
  expect(paths('.js').length).toBe(1);
  expect(paths('.css').length).toBe(1);
  for (const name of ['preact', '@preact/signals', '@preact/signals-core', 'viem'])
    expect(textOf('/licences.md')).toContain(`## ${name} - `);
});

it('has nothing inline: no script, style, handler or address that is code', () => {
  const html = textOf('/index.html');
  expect(html).toMatch(/<script [^>]*src="\/assets\//);
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:|data:/i);
});

it('names no other host', () => {
  // Names of markup languages, and where a library's errors point a reader; nobody fetches them.
  const names = /https?:\/\/www\.w3\.org\/[\w/]+|https:\/\/viem\.sh/g;
  for (const path of ['/index.html', ...paths('.js'), ...paths('.css'), ...paths('.svg')])
    expect(textOf(path).replaceAll(names, ''), path).not.toMatch(/\b(https?|wss?):\/\/|url\(\s*['"]?\/\//i);
});

it('is so small that it is there at once', () => {
  const sizes = [...page.values()].map(({ bytes }) => bytes.length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(280_000);
});
