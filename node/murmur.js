#!/usr/bin/env node
// The program `murmur`.
import { requireNode } from './node_version.js';

requireNode();
const { run } = await import('./cli/output/run.ts');
const args = process.argv.slice(2);
await run({ program: 'murmur', json: args.includes('--json') }, async () =>
  (await import('./cli/murmur.ts')).main(args),
);
