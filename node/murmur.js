#!/usr/bin/env node
// The program `murmur`.
import { requireNode } from './node_version.js';

requireNode();
const { run } = await import('./cli/run.ts');
await run(async () => (await import('./cli/murmur.ts')).main(process.argv.slice(2)));
