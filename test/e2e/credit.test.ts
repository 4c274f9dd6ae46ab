// `npm start -- --scenario credit` to its end: the score of three lenders' training goes on chain, three people whom nobody has learnt
// from borrow by their brackets, every cheat is refused by its name, and the report says where the score comes from.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLocalFederation, type View } from '../../node/local/index.ts';
import { type Lending, type Report, renderReport, reportSchema } from '../../node/report/index.ts';
import { cacheFolder } from '../cache_folder.ts';

const out = mkdtempSync(join(tmpdir(), 'murmuration-credit-'));
const view: View = { say() {}, update() {}, close() {} };
let report: Report;
let lending: Lending;

beforeAll(async () => {
  const { signal } = new AbortController();
  report = await runLocalFederation(
    { scenario: 'credit', rounds: 2 },
    { folder: out, cacheFolder, view, signal },
  );
  lending = report.lending!;
}, 900_000);
afterAll(() => rmSync(out, { recursive: true, force: true }));

describe('the credit scenario', () => {
  it('lends to three borrowers, each at the rate of its bracket', () => {
    const brackets = lending.borrowers.map(({ bracket }) => bracket);
    expect(brackets).toEqual([...brackets].sort((a, b) => a - b));
    expect(new Set(brackets).size).toBe(3);
    for (const { bracket, collateralShare, collateral, lent } of lending.borrowers) {
      expect(collateralShare).toBe(105 + 5 * bracket);
      expect(collateral).toBeCloseTo((lent * collateralShare) / 100 / 2000, 10);
    }
    expect(lending.brackets.reduce((sum, { rows }) => sum + rows, 0)).toBe(lending.rows);
  });

  it('refuses every cheat by its name', () => {
    expect(lending.refusals.map(({ attempt, where, error }) => [attempt, where, error])).toEqual([
      ['one feature edited, in the record', 'at home', 'signature'],
      ['one feature edited, checks left out', 'at home', 'witness'],
      ['one weight edited, in the file', 'at home', 'file'],
      ['one weight edited, digest computed again', 'at home', 'model'],
      ['one weight edited, its proof shown', 'on chain', 'ModelNotAccepted'],
      ["one weight edited, the accepted model's digest claimed", 'on chain', 'ProofInvalid'],
      ['one byte of the proof edited', 'on chain', 'ProofInvalid'],
      ['another bracket claimed', 'on chain', 'ProofInvalid'],
      ['a stolen proof', 'on chain', 'SubjectDiffers'],
      ["a stolen proof under the thief's account", 'on chain', 'ProofInvalid'],
      ...lending.borrowers.map(() => [
        "a unit of collateral less than the bracket's",
        'on chain',
        'CollateralTooSmall',
      ]),
      ['the same proof again', 'on chain', 'Replayed'],
    ]);
  });

  it('shows the chain nothing but the fields that it names: the bytes of each transaction, one after the other', () => {
    for (const { calls, bracket } of lending.borrowers) {
      expect(calls.map(({ call }) => call)).toEqual([
        'show',
        'approve',
        'addCollateral',
        'approve',
        'addCollateral',
        'borrow',
      ]);
      for (const { fields } of calls)
        fields.reduce((at, { offset, bytes }) => {
          expect(offset).toBe(at);
          return at + (bytes.length - 2) / 2;
        }, 0);
      const { fields } = calls[0]!;
      expect(BigInt(fields.find(({ name }) => name === 'bracket')!.bytes)).toBe(BigInt(bracket));
    }
  });

  it('names the training behind the score as the chain has it', () => {
    const { lineage, approvals } = lending;
    expect(lineage.steps.map(({ round }) => round)).toEqual([1, 2]);
    expect(lineage.steps.at(-1)!.model).toBe(lineage.last);
    expect(lineage.last).toBe(report.model.digest);
    expect(lineage.trainers).toEqual(report.trainers.map(({ account }) => account));
    expect(lineage.validators).toHaveLength(6);
    expect(approvals).toEqual({ signers: 6, of: 6 });
  });

  it('has it all in the report: figures with intervals, groups, and the words about them', () => {
    expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(lending.models).toHaveLength(6);
    for (const { auc, gini } of lending.models) {
      expect(gini.value).toBeCloseTo(2 * auc.value - 1, 10);
      expect(auc.interval[0]).toBeLessThanOrEqual(auc.value);
      expect(auc.interval[1]).toBeGreaterThanOrEqual(auc.value);
    }
    expect(lending.groups.sex!.map(({ group }) => group)).toEqual(['female', 'male']);
    const page = renderReport(report);
    expect(page).toContain('Leaving them out does not make outcomes equal');
    expect(page).toContain(lending.lineage.pool);
  });
});
