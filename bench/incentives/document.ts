// Writes docs/incentives.md and its plots from kept runs. What the page says in words stands in page.txt;
// its figures are put in here, so that no figure of the page is anybody's memory.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fillPage } from '../page.ts';
import { type PartName, partNames, runsOf, seeds } from './plan.ts';
import { kept } from './play.ts';
import { sharePlot, storyPlots } from './plots.ts';
import * as tables from './tables.ts';

const docs = new URL('../../docs/', import.meta.url);
const template = new URL('page.txt', import.meta.url);

/** Writes the page and its plots from the runs in a folder. @returns the files written. */
export function writeDocument(folder: string): string[] {
  const find: tables.Find = (run) => kept(folder, run);
  const parts: Readonly<Record<string, () => string>> = {
    runs: () => runsLine(find),
    story: () => tables.storyTable(find, seeds),
    digits: () => tables.adversaryTable(find, 'digits', seeds),
    clinics: () => tables.adversaryTable(find, 'clinics', seeds),
    'clues-digits': () => tables.clueTable(find, 'digits', seeds),
    'clues-clinics': () => tables.clueTable(find, 'clinics', seeds),
    groups: () => tables.groupTable(find, seeds),
    'pay-digits': () => tables.payTable(find, 'digits', seeds),
    'pay-clinics': () => tables.payTable(find, 'clinics', seeds),
    strikes: () => tables.strikeTable(find, seeds),
    phi: () => tables.phiTable(find, seeds),
    validators: () => tables.validatorTable(find, seeds),
    'hold-outs': () => tables.holdOutTable(find, seeds),
    selectors: () => tables.selectorTable(find, seeds),
  };
  const text = fillPage(readFileSync(template, 'utf8'), parts);
  mkdirSync(new URL('incentives/', docs), { recursive: true });
  const story = storyPlots(find, seeds);
  const files: readonly (readonly [string, string | undefined])[] = [
    ['incentives.md', text],
    ['incentives/shares.svg', sharePlot(find, seeds)],
    ['incentives/story_pay.svg', story?.pay],
    ['incentives/story_strikes.svg', story?.strikes],
  ];
  return files.flatMap(([name, content]) => {
    if (content === undefined) return [];
    const file = new URL(name, docs);
    writeFileSync(file, content);
    return [fileURLToPath(file)];
  });
}

/** How many of the runs the page's figures are of, part by part. */
function runsLine(find: tables.Find): string {
  const count = (part: PartName) => {
    const runs = runsOf(part, seeds);
    return `${part} ${runs.filter(find).length} of ${runs.length}`;
  };
  return `Runs: ${partNames.map(count).join(', ')}.`;
}
