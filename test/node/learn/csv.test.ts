import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  combineStatistics,
  concat,
  csvSpec,
  encodeTable,
  evaluate,
  inputWidth,
  localStatistics,
  Network,
  parseCsv,
  readCsv,
  seeded,
  split,
  startBackend,
} from '../../../node/learn/index.ts';
import { modelSpec } from '../../../node/learn/model_spec.ts';
import { clinics, heartData } from './clinics.ts';

const limits = { maxRows: 100, maxBytes: 10_000, maxColumns: 10 };
const table = (text: string, more = {}) => parseCsv(new TextEncoder().encode(text), { ...limits, ...more });

describe('csv', () => {
  test('follows RFC 4180', () => {
    expect(table('a,b\r\n1,"x, ""y""\nz"\n,\n')).toEqual({
      header: ['a', 'b'],
      rows: [
        ['1', 'x, "y"\nz'],
        ['', ''],
      ],
    });
    expect(table('a\n1').rows).toEqual([['1']]);
    // Spreadsheets write a byte order mark; it is no part of the first column's name.
    expect(table('\ufeffa\n1').header).toEqual(['a']);
    expect(table('a,b\n1,').rows).toEqual([['1', '']]);
  });
  test('names what is wrong and keeps its limits', () => {
    expect(() => table('a,b\n1\n')).toThrow(/row 1 has 1 fields, but the header names 2/);
    expect(() => table('a,a\n')).toThrow(/"a" twice/);
    expect(() => table('a\n"x')).toThrow(/line 2: a quote is not closed/);
    expect(() => table('a\n"x"y')).toThrow(/after a closing quote/);
    expect(() => table('')).toThrow(/empty/);
    expect(() => table('a\n1\n2\n', { maxRows: 1 })).toThrow(/more than 1 rows/);
    expect(() => table('a\n1\n', { maxBytes: 3 })).toThrow(/allows 3/);
    expect(() => table('a,b,c\n', { maxColumns: 2 })).toThrow(/more than 2 columns/);
  });
});

const spec = csvSpec.parse({
  kind: 'csv',
  columns: [
    { type: 'numeric', name: 'age', mean: 50, deviation: 10 },
    { type: 'numeric', name: 'pressure', absent: ['0'], missing: 'mean', range: [80, 200] },
    { type: 'categorical', name: 'pain', values: ['1', '2', 'none'], missing: 'category' },
  ],
  target: { name: 'ill', threshold: 0 },
});

describe('a schema', () => {
  test('scales, one-hots and fills in', () => {
    const data = encodeTable(table('pain,age,pressure,ill\n2.0,60,0,0\n,45,100,3\n'), spec, {
      pressure: { mean: 120, deviation: 20 },
    });
    expect(inputWidth(spec)).toBe(6);
    expect([...data.inputs]).toEqual([1, 0, 0, 1, 0, 0, -0.5, -1, 0, 0, 0, 1]);
    expect([...data.labels]).toEqual([0, 1]);
  });
  test('says row and column of what it cannot read', () => {
    const known = { pressure: { mean: 120, deviation: 20 } };
    const encode = (row: string) => () => encodeTable(table(`age,pressure,pain,ill\n${row}\n`), spec, known);
    expect(encode('old,100,1,0')).toThrow(/row 1, column age: "old" is not a number/);
    expect(encode(',100,1,0')).toThrow(/column age: the value is missing/);
    expect(encode('50,100,7,0')).toThrow(/column pain: "7" is no known category \(1, 2, none\)/);
    expect(encode('50,100,1,NaN')).toThrow(/target ill: "NaN"/);
    expect(() => encodeTable(table('age,ill\n1,0\n'), spec)).toThrow(/lacks column pressure, pain/);
    expect(() => encodeTable(table('age,pressure,pain,ill\n'), spec)).toThrow(/no rows/);
    // A scale that nobody knows is not guessed.
    expect(() => encodeTable(table('age,pressure,pain,ill\n50,100,1,0\n'), spec)).toThrow(
      /column pressure has no mean and deviation/,
    );
  });
  test('is refused where it contradicts itself', () => {
    const bad = (change: object) => csvSpec.safeParse({ ...spec, ...change }).error?.message;
    expect(bad({ target: { name: 'age', threshold: 0 } })).toMatch(/named twice/);
    expect(bad({ target: { name: 'ill' } })).toMatch(/either classes or threshold/);
    expect(bad({ columns: [{ type: 'numeric', name: 'x', range: [2, 1] }] })).toMatch(/low < high/);
  });
});

describe('federated statistics', () => {
  const rows = (seed: number, count: number) => {
    const random = seeded(seed, 'pressure');
    return Array.from({ length: count }, () => 120 + seed * 5 + 15 * random.normal());
  };
  const csv = (values: number[]) =>
    table(`age,pressure,pain,ill\n${values.map((v) => `50,${v},1,0`).join('\n')}\n`, {
      maxBytes: 1e6,
      maxRows: 1e5,
    });
  const sum = (parts: Int8Array[]) =>
    Int32Array.from(parts[0]!, (_, j) => parts.reduce((n, part) => n + part[j]!, 0));

  test('are those of the pooled column, which nobody has seen', () => {
    const parties = [rows(1, 40), rows(2, 300), rows(3, 7)];
    const parts = parties.map((values) => localStatistics(csv(values), spec));
    for (const party of parts) for (const u of party) expect(Math.abs(u)).toBeLessThanOrEqual(127);
    const { pressure } = combineStatistics(sum(parts), spec);
    const all = parties.flat().map((v) => Math.max(80, Math.min(200, v)));
    const mean = all.reduce((a, b) => a + b, 0) / all.length;
    const deviation = Math.sqrt(all.reduce((a, b) => a + (b - mean) ** 2, 0) / all.length);
    expect(pressure!.mean).toBeCloseTo(mean, 2);
    expect(pressure!.deviation).toBeCloseTo(deviation, 2);
  });
  test('survive many parties and negative sums', () => {
    const low = localStatistics(csv([80, 81, 82]), spec);
    const { pressure } = combineStatistics(sum(Array<Int8Array>(1023).fill(low)), spec);
    expect(pressure!.mean).toBeCloseTo(81, 2);
  });
  test('that do not fit their digits are refused, not cut', () => {
    // At the edge of the range a row adds 2^16 to the squares; six digits below 32 end at 31 (64^6 - 1) / 63,
    // 515,965.97 of them.
    const one = csv([200]);
    const edge = (count: number) => ({ ...one, rows: Array<readonly string[]>(count).fill(one.rows[0]!) });
    const { pressure } = combineStatistics(localStatistics(edge(515_965), spec), spec);
    expect(pressure!.mean).toBeCloseTo(200, 6);
    expect(() => localStatistics(edge(520_000), spec)).toThrow(/does not fit/);
  });
  test('need a range and at least one value', () => {
    expect(() => combineStatistics(new Int32Array(18), spec)).toThrow(/no value at any party/);
    expect(() => combineStatistics(new Int32Array(3), spec)).toThrow(/need 18/);
    const open = csvSpec.parse({ ...spec, columns: [{ type: 'numeric', name: 'pressure' }] });
    expect(() => localStatistics(csv([1]), open)).toThrow(/pressure has no range/);
  });
});

describe('four clinics', () => {
  const heart = csvSpec.parse(heartData);

  test('learn together what disease looks like, from their own files', async () => {
    await startBackend('wasm');
    const paths = ['cleveland', 'hungarian', 'switzerland', 'va'].map((name) => join(clinics, `${name}.csv`));
    const tables = await Promise.all(paths.map((path) => readCsv(path, heart)));
    const own = tables.map((one) => localStatistics(one, heart));
    const statistics = combineStatistics(
      Int32Array.from(own[0]!, (_, j) => own.reduce((n, l) => n + l[j]!, 0)),
      heart,
    );
    expect(statistics.age!.mean).toBeCloseTo(53.5, 0);
    const parts = await Promise.all(
      paths.map(async (path) => {
        const data = encodeTable(await readCsv(path, heart), heart, statistics);
        return split(data, [Math.floor(data.count * 0.7), Math.floor(data.count * 0.3)], 1);
      }),
    );
    const network = new Network(
      modelSpec.parse({
        input: [inputWidth(heart)],
        layers: [
          { type: 'dense', units: 8, activation: 'relu' },
          { type: 'dense', units: 1, activation: 'linear' },
        ],
        loss: 'binary',
      }),
    );
    let model = network.initial(1);
    for (let round = 0; round < 15; round++) {
      const changes = parts.map(([train], i) =>
        network.train(model, train!, { steps: 20, batch: 16, rate: 0.1, random: seeded(1, i, round) }),
      );
      model = model.map((x, j) => x + changes.reduce((sum, change) => sum + change[j]!, 0) / changes.length);
    }
    const result = evaluate(network, model, concat(parts.map(([, test]) => test!)));
    expect(result.auc).toBeGreaterThan(0.8);
    expect(result.accuracy).toBeGreaterThan(0.72);
    network.dispose();
  });
});
