// `npm run bench -- sizes [--json] [--only memory,wire,packages,page,keys] [--preset base]`: what each part takes, of
// memory, of the wire and of the disk. Nothing is timed, so a machine with other work gives the same figures.
import { parseArgs } from 'node:util';
import { parsePreset } from '@murmuration/prover';
import { keySizes } from './sizes/keys.ts';
import { peakMemory } from './sizes/memory.ts';
import { packageSizes } from './sizes/packages.ts';
import { pageSizes } from './sizes/page.ts';
import { type SizeTable, tableOf } from './sizes/table.ts';
import { wireSizes } from './sizes/wire.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: 'memory,wire,packages,page,keys' },
    preset: { type: 'string', default: 'base' },
  },
});
const preset = parsePreset(values.preset).name;

const parts: Readonly<Record<string, () => Promise<SizeTable>>> = {
  memory: () => peakMemory(preset),
  wire: () => wireSizes(),
  packages: () => packageSizes(),
  page: () => pageSizes(),
  keys: () => keySizes(preset),
};

const tables: SizeTable[] = [];
for (const name of values.only.split(',')) {
  const measure = Object.hasOwn(parts, name) ? parts[name]! : undefined;
  if (!measure)
    throw new RangeError(`--only is ${values.only}, but its words are ${Object.keys(parts).join(', ')}`);
  const table = await measure();
  tables.push(table);
  if (!values.json) console.log(`${tableOf(table)}\n`);
}
if (values.json) console.log(JSON.stringify(tables));
