#!/usr/bin/env node
// The program `murmur`.
import { requireNode } from './node_version.js';

requireNode();
// Whatever else is imported is imported from here on: an old Node lacks some of it, and would say that alone.
const { enableCompileCache } = await import('node:module');
const { join } = await import('node:path');
const { withholdMemory } = await import('./cli/output/core_files.ts');
withholdMemory();
// A start compiles a thousand modules. The folder is this user's own: who writes into it decides what runs.
const { cacheFolder } = await import('./cli/command/cache_folder.ts');
enableCompileCache(join(cacheFolder(), 'modules'));
const { run } = await import('./cli/output/run.ts');
const args = process.argv.slice(2);
await run({ program: 'murmur', json: args.includes('--json') }, async () =>
  (await import('./cli/murmur.ts')).main(args),
);
