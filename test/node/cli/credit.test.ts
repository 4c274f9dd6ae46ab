// `murmur credit` from a trained model to a proof that holds, on real loans, and what each step refuses.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groth16 } from 'snarkjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { writeModelFile } from '../../../node/cli/files/model_file.ts';
import { main } from '../../../node/cli/murmur.ts';
import { describeError } from '../../../node/cli/output/fault.ts';
import { type CardFigures, valuesOf } from '../../../node/credit/index.ts';
import { openKeystore } from '../../../node/keystore/index.ts';
import { modelLayout } from '../../../node/learn/index.ts';
import { digestOf, encodeModel } from '../../../node/protocol/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { root } from '../../suites/suite.ts';
import { dependants, description, loans, trained } from '../credit/lenders.ts';

const folder = mkdtempSync(join(tmpdir(), 'credit-'));
const at = (name: string) => join(folder, name);
const goods = `csv:${join(root, 'examples/lenders/data/goods.csv')}`;
const subject = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const contract = `0x${'c'.repeat(40)}`;
const password = ['--password-file', at('password'), '--keystore', at('keystore')];
const files = ['--schema', at('schema.json'), '--model', at('score.json'), '--record', at('record.json')];
const proving = ['--issuers', at('issuers.json'), '--contract', contract, '--cache', cacheFolder];

/** Runs a command; what it prints and its exit code. */
async function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const log = vi.spyOn(console, 'log').mockImplementation((text: string) => void out.push(text));
  const error = vi.spyOn(console, 'error').mockImplementation((text: string) => void err.push(text));
  try {
    const code = await main(['credit', ...words]).catch((fault: unknown) => {
      err.push(describeError(fault));
      return 1;
    });
    return { code, out: out.join('\n'), err: err.join('\n') };
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
}

/** Runs a command that must end well, and reads its JSON. */
async function done(...words: string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await run(...words, '--json');
  expect(code, err).toBe(0);
  return JSON.parse(out);
}

beforeAll(async () => {
  const score = trained(loans('cars'));
  const layout = modelLayout(description.model);
  const digest = digestOf(encodeModel(score.parameters));
  await writeModelFile(at('loans.json'), {
    origin: { chainId: 31337, marketplace: contract, task: '1' },
    description,
    statistics: score.statistics,
    layout,
    lineage: {
      model: score.parameters,
      digest,
      first: digest,
      steps: [{ round: 1, outcome: 'accepted', model: digest, quality: 7000 }],
    },
  });
  await openKeystore(at('keystore'), 4).importKey(new Uint8Array(32).fill(7), 'secret');
  writeFileSync(at('password'), 'secret', { mode: 0o600 });
  writeFileSync(at('anna.json'), JSON.stringify(valuesOf(loans('goods'), 3)));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('murmur credit', () => {
  it('schema refuses a protected column without a reason, and says which it marks', async () => {
    const words = ['schema', '--model', at('loans.json'), '--name', 'credit', '--out', at('schema.json')];
    const refused = await run(...words);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/column dependants speaks of dependants.*Leave it out, or say/);
    const made = await done(...words, '--protected', `dependants=${dependants}`);
    expect(made).toMatchObject({ shape: 'logistic', protected: ['dependants'] });
  });

  it('quantise holds the integers against the model, and writes the same file again', async () => {
    const words = [
      'quantise',
      '--model',
      at('loans.json'),
      '--schema',
      at('schema.json'),
      '--data',
      goods,
      '--out',
      at('score.json'),
    ];
    const { out, code } = await run(...words);
    expect(code).toBe(0);
    expect(out).toMatch(/on 473 rows, 124 of them defaults/);
    expect(out).toMatch(/AUC +0\.\d{4} +0\.\d{4}/);
    const first = readFileSync(at('score.json'), 'utf8');
    await done(...words);
    expect(readFileSync(at('score.json'), 'utf8')).toBe(first);
  });

  it('card tells accuracy with intervals, and outcomes across groups that the score does not have', async () => {
    const score = ['--model', at('loans.json'), '--schema', at('schema.json'), '--score', at('score.json')];
    const words = ['card', ...score, '--data', goods, '--out', at('card.md')];
    const found = (await done(
      ...words,
      '--group',
      'personal',
      '--group',
      'age:26,40,60',
    )) as unknown as CardFigures;
    const { value, interval } = found.accuracy.auc;
    expect(interval[0]).toBeLessThan(value);
    expect(interval[1]).toBeGreaterThan(value);
    const ages = found.groups.age!;
    expect(ages.map(({ group }) => group)).toEqual([
      '26 to below 40',
      '40 to below 60',
      '60 and above',
      'below 26',
    ]);
    expect(ages.reduce((sum, { rows }) => sum + rows, 0)).toBe(473);
    expect(Math.max(...ages.map(({ ratio }) => ratio))).toBe(1);
    // Age is left out of the score, and outcomes differ all the same.
    expect(Math.min(...ages.map(({ ratio }) => ratio))).toBeLessThan(0.95);
    const text = readFileSync(at('card.md'), 'utf8');
    expect(text).toContain('does not have this column');
    expect(text).toContain(dependants);
    expect((await run(...words, '--group', 'income')).err).toMatch(/--group is income, but the file has/);
  });

  it('issuer tells a key, and another one for another number', async () => {
    const [one, two] = [
      await done('issuer', ...password),
      await done('issuer', ...password, '--number', '2'),
    ];
    expect(one.x).not.toBe(two.x);
    const key = { x: one.x, y: one.y };
    writeFileSync(
      at('issuers.json'),
      JSON.stringify({ format: 'murmuration-credit-issuers/1', issuers: [null, key] }),
    );
    writeFileSync(
      at('rotated.json'),
      JSON.stringify({ format: 'murmuration-credit-issuers/1', issuers: [{ x: two.x, y: two.y }] }),
    );
  });

  it('sign refuses values out of range, and writes a record', async () => {
    const words = [
      'sign',
      '--schema',
      at('schema.json'),
      '--subject',
      subject,
      '--person',
      '4711',
      '--out',
      at('record.json'),
      ...password,
    ];
    const values = JSON.parse(readFileSync(at('anna.json'), 'utf8'));
    writeFileSync(at('wrong.json'), JSON.stringify({ ...values, duration_months: 121 }));
    const refused = await run(...words, '--values', at('wrong.json'));
    expect(refused.err).toMatch(/duration_months is 121, but it is a number from 1 to 120/);
    const signed = await done(...words, '--values', at('anna.json'));
    expect(signed.subject).toBe(subject);
    expect(readFileSync(at('record.json'), 'utf8')).not.toContain('4711');
  });

  it('score tells bracket and reasons', async () => {
    const { out } = await run('score', ...files);
    expect(out).toMatch(/^bracket \d of 9: a chance of default of \d+\.\d %, collateral of 1\d\d %\n/);
    expect(out).toMatch(/ is .* with .*: bracket \d|no other value alone/);
    const { reasons } = await done('score', ...files, '--reasons', '2');
    expect(reasons).toHaveLength(2);
  });

  it('prove makes a proof that verify and snarkjs alone take, and one edited byte breaks', async () => {
    const until = `${Math.floor(Date.now() / 1000) + 86_400}`;
    const made = await done('prove', ...files, ...proving, '--until', until, '--out', at('proof.json'));
    const { bracket } = await done('score', ...files);
    expect((made.shown as { bracket: string }).bracket).toBe(`0x${bracket}`);
    expect((await done('verify', '--proof', at('proof.json'), '--cache', cacheFolder)).holds).toBe(true);
    const { out } = await run('verify', '--proof', at('proof.json'), '--cache', cacheFolder, '--snarkjs');
    const words = JSON.parse(out);
    expect(await groth16.verify(words.verificationKey, words.public, words.proof)).toBe(true);
    const file = JSON.parse(readFileSync(at('proof.json'), 'utf8'));
    const better = {
      ...file,
      claim: { ...file.claim, bracket: file.claim.bracket === '0x0' ? '0x1' : '0x0' },
    };
    writeFileSync(at('better.json'), JSON.stringify(better));
    const refused = await run('verify', '--proof', at('better.json'), '--cache', cacheFolder);
    expect(refused.err).toMatch(/better\.json: the proof does not hold/);
  });

  it.each<[string, string[], RegExp]>([
    ['an issuer whose key was rotated', ['--issuers', 'rotated.json'], /is unknown to the set/],
    ['another account', ['--subject', contract], /the record is for account 0xf39f.*but 0xcccc/],
    ['a credential that outlives the record', ['--until', '4000000000'], /the record expires at/],
  ])('prove refuses %s before it proves', async (_, change, message) => {
    const until = ['--until', `${Math.floor(Date.now() / 1000)}`];
    const given = Object.fromEntries([
      ...pairs(proving),
      ...pairs(until),
      ...pairs(change.map((word) => (word === 'rotated.json' ? at(word) : word))),
    ]);
    const refused = await run('prove', ...files, ...Object.entries(given).flat(), '--out', at('none.json'));
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(message);
  });
});

const pairs = (words: readonly string[]): [string, string][] =>
  words.flatMap((word, i): [string, string][] => (i % 2 === 0 ? [[word, words[i + 1]!]] : []));
