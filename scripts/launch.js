// The entry of the repository's own npm scripts.
import { requireNode } from '../node/node_version.js';

requireNode();
const scripts = {
  build: () => import('./build.ts'),
  bench: () => import('./bench.ts'),
  pack: () => import('./pack.ts'),
  test: () => import('../test/run.ts'),
};
const [script, ...args] = process.argv.slice(2);
const load = Object.hasOwn(scripts, script) ? scripts[script] : undefined;
if (!load) {
  console.error(
    `murmuration: unknown script ${JSON.stringify(script)}; known: ${Object.keys(scripts).join(', ')}.`,
  );
  process.exit(1);
}
const { run } = await import('../node/cli/run.ts');
await run(async () => (await load()).main(args));
