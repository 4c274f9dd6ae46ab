// The entry of the repository's own npm scripts: `node scripts/launch.js build`.
import { requireNode } from '../node/node_version.js';

requireNode();
const { run } = await import('../node/cli/output/run.ts');
const scripts = {
  build: () => import('./build.ts'),
  bench: () => import('./bench.ts'),
  adversaries: () => import('./adversaries.ts'),
  doors: () => import('../test/doors/run.ts'),
  faults: () => import('./faults.ts'),
  fuzz: () => import('../test/fuzz/run.ts'),
  incentives: () => import('./incentives.ts'),
  joining: () => import('./joining.ts'),
  mutants: () => import('../test/mutants/run.ts'),
  pack: () => import('./pack.ts'),
  test: () => import('../test/run.ts'),
};
const [script = '', ...args] = process.argv.slice(2);
await run({ program: 'murmuration', json: false }, async () => {
  if (Object.hasOwn(scripts, script)) return (await scripts[script]()).main(args);
  const { NodeError } = await import('../node/errors.ts');
  const known = Object.keys(scripts).join(', ');
  throw new NodeError('usage', `unknown script ${JSON.stringify(script)}; known: ${known}`);
});
