#!/usr/bin/env node
// The program `murmur`.
import { requireNode } from './node_version.js';

requireNode();
const { withholdMemory } = await import('./cli/output/core_files.ts');
withholdMemory();
const { run } = await import('./cli/output/run.ts');
const args = process.argv.slice(2);
await run({ program: 'murmur', json: args.includes('--json') }, async () =>
  (await import('./cli/murmur.ts')).main(args),
);
