// Writes docs/privacy.md and its picture from kept runs. What the page says in words stands in page.txt; its figures
// are put in here, so that no figure of the page is anybody's memory.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fillPage } from '../page.ts';
import { digitGrid } from './picture.ts';
import { memberCounts, runsOf, seeds } from './plan.ts';
import { type InversionResult, kept } from './play.ts';
import { columnTable, inversionTable, membershipTable, runsLine, shortTable } from './tables.ts';
import { epsilons, sendings } from './update.ts';

const docs = new URL('../../docs/', import.meta.url);
const template = new URL('page.txt', import.meta.url);

/** Writes the page and its picture from the runs in a folder. @returns the files written. */
export function writeDocument(folder: string): string[] {
  const parts: Readonly<Record<string, () => string>> = {
    runs: () => runsLine(folder),
    short: () => shortTable(folder),
    digits: () => inversionTable(folder, 'digits'),
    clinics: () => inversionTable(folder, 'clinics'),
    columns: () => columnTable(folder),
    membership: () => membershipTable(folder),
    'epsilon-one': () => epsilons.one.toFixed(2),
    'epsilon-eight': () => epsilons.eight.toFixed(2),
  };
  const text = fillPage(readFileSync(template, 'utf8'), parts);
  mkdirSync(new URL('privacy/', docs), { recursive: true });
  const picture = recovered(folder);
  const files: readonly (readonly [string, string | Uint8Array | undefined])[] = [
    ['privacy.md', text],
    ['privacy/digits.png', picture],
  ];
  return files.flatMap(([name, content]) => {
    if (content === undefined) return [];
    const file = new URL(name, docs);
    writeFileSync(file, content);
    return [fileURLToPath(file)];
  });
}

/** One line for each number of members: a row of the first member, and what came nearest to it, sending by sending. */
function recovered(folder: string): Uint8Array | undefined {
  const first = runsOf('inversion', seeds.long).flatMap((run) =>
    run.part === 'inversion' && run.world === 'digits' && run.seed === seeds.short[0]
      ? [{ run, result: kept(folder, run) }]
      : [],
  );
  const lines = (['one row', 'one step', 'a round'] as const).flatMap((local) =>
    memberCounts.flatMap((members) => {
      const found = first.find(({ run }) => run.local === local && run.members === members)?.result;
      return found && (local === 'one row' || members === 1) ? [lineOf(found)] : [];
    }),
  );
  return lines.length > 0 ? digitGrid(lines) : undefined;
}

const lineOf = ({ picture, attacks }: InversionResult) => [
  bytes(picture),
  ...sendings.map((_, i) => bytes(attacks[i]?.picture)),
];

const bytes = (picture: string | undefined): Uint8Array | undefined =>
  picture === undefined ? undefined : Buffer.from(picture, 'base64');
