// A party's rows before they are scaled: what is counted, what is refused at once.
import { describe, expect, it } from 'vitest';
import { parseCsv, tableData, taskDescription } from '../../../node/learn/index.ts';
import { clinicTask } from './clinics.ts';

const { data } = taskDescription.parse(clinicTask(1));
if (data.kind !== 'csv') throw new Error('a table was expected');
const limits = { maxRows: 100, maxBytes: 10_000, maxColumns: 10 };
const rows = (...lines: string[]) =>
  parseCsv(
    new TextEncoder().encode(['age,sex,pressure,chol,chest pain,disease', ...lines].join('\n')),
    limits,
  );

describe('own data', () => {
  it('say how many rows each class has, also none', () => {
    const own = tableData(rows('50,m,120,?,none,no', '60,f,130,200,typical,no'), data);
    expect(own).toMatchObject({ rows: 2, classes: [2, 0] });
    expect(own.statistics.length).toBe(3 * 22);
    const known = { mean: 100, deviation: 10 };
    const { inputs } = own.dataset({ age: known, pressure: known, chol: known });
    // The missing value is the mean.
    expect([...inputs.subarray(0, 5)]).toEqual([-5, 1, 0, 2, 0]);
  });

  it.each([
    ['Infinity', '1e999,m,120,200,none,no', /age: 1 cell is no number \(line 2: "1e999"\)/],
    ['NaN', 'NaN,m,120,200,none,no', /age: 1 cell is no number \(line 2: "NaN"\)/],
    ['a decimal comma', '"50,5",m,120,200,none,no', /age: 1 cell is no number \(line 2: "50,5"\)/],
    ['a missing value without a rule', ',m,120,200,none,no', /age: 1 value is missing/],
    ['an unknown category', '50,x,120,200,none,no', /sex: 1 cell is no known category \(m, f\)/],
    ['an unknown label', '50,m,120,200,none,maybe', /disease: 1 label belongs to no class \(no, yes\)/],
  ])('are refused with %s, before anything is sent', (_, line, message) => {
    expect(() => tableData(rows(line), data)).toThrow(message);
  });

  it('clip what lies beyond the declared range, so that no slip of a pen moves the statistics', () => {
    const [slip, edge] = ['9999999,m,120,200,none,no', '120,m,120,200,none,no'].map((line) =>
      tableData(rows(line), data),
    );
    expect(slip!.statistics).toEqual(edge!.statistics);
  });
});
