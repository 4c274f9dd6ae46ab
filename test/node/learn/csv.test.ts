import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  combineStatistics,
  concat,
  csvSpec,
  encodeExamined,
  evaluate,
  examine,
  inputWidth,
  loadTable,
  Network,
  parseCsv,
  plainReading,
  type Statistics,
  seeded,
  split,
  startBackend,
  tableData,
} from '../../../node/learn/index.ts';
import { modelSpec } from '../../../node/learn/model_spec.ts';
import { decodeColumn, encodeColumn, scalingOf } from '../../../node/protocol/index.ts';
import { clinics, heartData } from './clinics.ts';

const limits = { maxRows: 100, maxBytes: 10_000, maxColumns: 10 };
const table = (text: string | Uint8Array, more = {}) =>
  parseCsv(typeof text === 'string' ? new TextEncoder().encode(text) : text, { ...limits, ...more });

describe('csv', () => {
  test('follows RFC 4180', () => {
    expect(table('a,b\r\n1,"x, ""y""\nz"\n"",\n')).toEqual({
      header: ['a', 'b'],
      rows: [
        ['1', 'x, "y"\nz'],
        ['', ''],
      ],
      lines: [2, 4],
      ragged: [],
    });
    expect(table('a\n1').rows).toEqual([['1']]);
    // Spreadsheets write a byte order mark; it is no part of the first column's name.
    expect(table('\ufeffa\n1').header).toEqual(['a']);
    expect(table('a,b\n1,').rows).toEqual([['1', '']]);
  });
  test('names what is wrong and keeps its limits', () => {
    expect(() => table('a\n"x')).toThrow(/line 2: a quote is not closed/);
    expect(() => table('a\n"x"y')).toThrow(/after a closing quote/);
    expect(() => table('')).toThrow(/empty/);
    expect(() => table('a\n1\n2\n', { maxRows: 1 })).toThrow(/more than 1 rows/);
    expect(() => table('a\n1\n', { maxBytes: 3 })).toThrow(/allows 3/);
    expect(() => table('a,b,c\n', { maxColumns: 2 })).toThrow(/more than 2 columns/);
  });
});

describe('files as programs write them', () => {
  test('begin a row with each line, and one of a single empty value where it is quoted', () => {
    expect(table('x\n1\n""\n3\n').rows).toEqual([['1'], [''], ['3']]);
    expect(table('x\n1\n\n3\n')).toMatchObject({ rows: [['1'], ['3']], lines: [2, 4] });
  });
  test('end with rows and columns of nothing, which are none', () => {
    expect(table('a,b,,\n1,2,,\n3,4,,\n,,,\n,,,\n')).toMatchObject({
      header: ['a', 'b'],
      rows: [
        ['1', '2'],
        ['3', '4'],
      ],
      ragged: [],
    });
    expect(table('a,b\n1,2\n   \n').rows).toHaveLength(1);
  });
  test('have rows that are too short or too long, by line', () => {
    expect(table('a,b\n1\n"x\ny",2\n1,2,3\n').ragged).toEqual([
      { line: 2, fields: 1 },
      { line: 5, fields: 3 },
    ]);
  });
  test.each([
    ['a;b\n1,5;2\n', ';'],
    ['a\tb\n1,5\t2\n', 'tab'],
    ['a|b\n1,5|2\n', 'bar'],
    ['"a";"b"\n"1,5";"2"\n', ';, all quoted'],
  ])('are separated by what their header shows: %j', (text) => {
    expect(table(text, { names: ['a', 'b'] })).toMatchObject({ header: ['a', 'b'], rows: [['1,5', '2']] });
    expect(table('a;b,c\n1;2,3\n', { names: ['b,c'], separator: ';' }).header).toEqual(['a', 'b,c']);
  });
  test('are UTF-16 where a mark says so, and another encoding where the site says which', () => {
    const utf16 = Uint8Array.of(0xff, 0xfe, ...new Uint8Array(Buffer.from('é\n1', 'utf16le')));
    expect(table(utf16).header).toEqual(['é']);
    const latin = new Uint8Array(Buffer.from('é\n1', 'latin1'));
    expect(() => table(latin)).toThrow(/not UTF-8/);
    expect(table(latin, { encoding: 'windows-1252' }).header).toEqual(['é']);
    expect(() => table(latin, { encoding: 'klingon' })).toThrow(/no encoding is called "klingon"/);
  });
  test.each([
    [[0x50, 0x4b, 3, 4], /a workbook/],
    [[0x1f, 0x8b, 8, 0], /compressed/],
    [[0x50, 0x41, 0x52, 0x31], /Parquet/],
  ])('are none at all: %j', (bytes, message) => {
    expect(() => table(Uint8Array.from(bytes))).toThrow(message);
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

const encode = (text: string, statistics: Statistics = {}, options = {}) => {
  const reading = { ...plainReading, ...options };
  const examined = examine(table(text), spec, { reading, labelled: true });
  tableData(table(text), spec, reading);
  return encodeExamined(examined, statistics);
};

describe('a schema', () => {
  test('scales, one-hots and fills in', () => {
    const data = encode('pain,age,pressure,ill\n2.0,60,0,0\n,45,100,3\n', {
      pressure: { mean: 120, deviation: 20 },
    });
    expect(inputWidth(spec)).toBe(6);
    expect([...data.inputs]).toEqual([1, 0, 0, 1, 0, 0, -0.5, -1, 0, 0, 0, 1]);
    expect([...data.labels]).toEqual([0, 1]);
  });
  test('says all that it cannot read, with counts and lines', () => {
    const known = { pressure: { mean: 120, deviation: 20 } };
    const row = (text: string) => () => encode(`age,pressure,pain,ill\n${text}\n`, known);
    expect(row('old,100,1,0')).toThrow(/age: 1 cell is no number \(line 2: "old"\)/);
    expect(row(',100,1,0')).toThrow(/age: 1 value is missing, for which the task has no rule/);
    expect(row('50,100,7,0')).toThrow(/pain: 1 cell is no known category \(1, 2, none\) \(line 2: "7"\)/);
    expect(row('50,100,1,NaN')).toThrow(/ill: 1 label is no number/);
    expect(row('50,100,1,0\n0x1F,100,1,\n1,5,100,1,0')).toThrow(
      /1 row has another number of fields.*line 4: "5 fields".*age: 1 cell is no number.*ill: 1 row has no label.*2 of 3 rows/,
    );
    expect(() => encode('age,ill\n1,0\n')).toThrow(/lacks columns pressure, pain; it has age, ill/);
    expect(() => encode('age,pressure,pain,ill\n')).toThrow(/no rows/);
    expect(() => encode('age,pressure,pain,ill\n1;2;3;4\n1,2\n')).toThrow(
      /none of the 2 rows has as many fields as the header has columns \(4\); line 2 has 1/,
    );
    // A scale that nobody knows is not guessed.
    expect(() => encode('age,pressure,pain,ill\n50,100,1,0\n')).toThrow(
      /column pressure has no mean and deviation/,
    );
  });
  test('finds its columns by name in any case and composition, but never one of two', () => {
    const known = { pressure: { mean: 120, deviation: 20 } };
    expect(encode('AGE, Pressure ,pain,ill\n50,100,1,0\n', known).count).toBe(1);
    expect(() => encode('age, age,pressure,pain,ill\n50,51,100,1,0\n', known)).toThrow(
      /names column "age" 2 times/,
    );
    expect(() => encode('Age,AGE,pressure,pain,ill\n50,51,100,1,0\n', known)).toThrow(
      /names column "age" 2 times/,
    );
    const accent = csvSpec.parse({
      kind: 'csv',
      columns: [{ type: 'numeric', name: '\u00e9tat', mean: 0, deviation: 1 }],
      target: { name: 'y', threshold: 0 },
    });
    expect(tableData(table('e\u0301tat,y\n1,0\n'), accent).rows).toBe(1);
  });
  test('leaves out rows that cannot be used where the site says so', () => {
    const text = 'age,pressure,pain,ill\n50,100,1,0\nold,100,1,1\n60,100,1,1\n1,2\n';
    expect(() => tableData(table(text), spec)).toThrow(/2 of 4 rows/);
    const own = tableData(table(text), spec, { ...plainReading, dropFaulty: true });
    expect(own).toMatchObject({ rows: 2, classes: [1, 1] });
    expect([...own.dataset({ pressure: { mean: 100, deviation: 1 } }).labels]).toEqual([0, 1]);
    const none = 'age,pressure,pain,ill\nold,100,1,1\n';
    expect(() => tableData(table(none), spec, { ...plainReading, dropFaulty: true })).toThrow(/no number/);
  });
  test('reads marks that the site declares, and names the likely one otherwise', () => {
    const known = { pressure: { mean: 0, deviation: 1 } };
    const comma = 'age,pressure,pain,ill\n"49,5","1.100,5",1,0\n';
    expect(() => encode(comma, known)).toThrow(/no number/);
    const failure = (text: string, options = {}) => {
      try {
        encode(text, known, options);
      } catch (error) {
        return (error as { mend?: string }).mend;
      }
      return undefined;
    };
    expect(failure('age,pressure,pain,ill\n"49,5",100,1,0\n')).toMatch(/--decimal=comma/);
    expect(failure('age,pressure,pain,ill\nNA,100,1,0\n')).toMatch(/--absent=NA/);
    const wide = csvSpec.parse({
      ...spec,
      columns: [{ type: 'numeric', name: 'age', mean: 0, deviation: 1 }],
    });
    const read = (cell: string, options: object) =>
      tableData(table(`age;ill\n${cell};0\n`, { separator: ';' }), wide, {
        ...plainReading,
        ...options,
      }).dataset({}).inputs[0];
    expect(read('49,5', { decimal: ',' })).toBe(49.5);
    expect(read('-1.234.567,25', { decimal: ',', thousands: '.' })).toBe(-1234567.25);
    expect(read("1'200", { thousands: "'" })).toBe(1200);
    expect(() => read('1.50', { decimal: ',' })).toThrow(/no number/);
    expect(() => read('12.34.567', { decimal: ',', thousands: '.' })).toThrow(/no number/);
    expect(encode('age,pressure,pain,ill\n50,NA,1,0\n', known, { absent: ['NA'] }).count).toBe(1);
  });
  test.each([
    ['-9', /-9 stands in 30 cells: if it marks a missing value, say --absent=-9/],
    ['5.2', /most likely the file has other units|5\.2 stands in 30 cells/],
  ])('refuses a column of %s, which lies outside of its range', (cell, mend) => {
    const rows = Array.from({ length: 40 }, (_, i) => `50,${i < 30 ? cell : 120},1,0`).join('\n');
    try {
      tableData(table(`age,pressure,pain,ill\n${rows}\n`, { maxRows: 100, maxBytes: 1e5 }), spec);
      expect.unreachable();
    } catch (error) {
      expect(String(error)).toMatch(/pressure: 30 of 40 values lie outside of its range \[80, 200\]/);
      expect((error as { mend: string }).mend).toMatch(mend);
    }
  });
  test('clips a few values beyond the range', () => {
    const own = tableData(table('age,pressure,pain,ill\n50,300,1,0\n50,120,1,0\n'), spec);
    expect(own.examined!.columns[1]).toMatchObject({ clipped: 1, span: [120, 300], missing: 0 });
    expect(
      [...own.dataset({ pressure: { mean: 0, deviation: 1 } }).inputs].filter((_, i) => i % 6 === 1),
    ).toEqual([200, 120]);
  });
  test('is refused where it contradicts itself', () => {
    const bad = (change: object) => csvSpec.safeParse({ ...spec, ...change }).error?.message;
    expect(bad({ target: { name: 'age', threshold: 0 } })).toMatch(/named twice/);
    expect(bad({ target: { name: 'ill' } })).toMatch(/either classes or threshold/);
    expect(bad({ columns: [{ type: 'numeric', name: 'x', range: [2, 1] }] })).toMatch(/low < high/);
    const category = (...values: string[]) => bad({ columns: [{ type: 'categorical', name: 'x', values }] });
    expect(category('1E1', '10')).toMatch(/are one value/);
    expect(category('007', '7')).toMatch(/are one value/);
    expect(category('a', 'a')).toMatch(/are one value/);
    expect(category('a', ' b')).toMatch(/blanks at its ends/);
    expect(category('0x1F', '31')).toBeUndefined();
    expect(bad({ target: { name: 'ill', classes: [['0'], ['0.0']] } })).toMatch(/are one value/);
    expect(bad({ target: { name: 'ill', classes: [['0', '1'], ['1']] } })).toMatch(/are one value/);
    const named = (...names: string[]) => bad({ columns: names.map((name) => ({ type: 'numeric', name })) });
    expect(named('e\u0301', '\u00e9')).toMatch(/named twice/);
    expect(named('x ')).toMatch(/blanks at its ends/);
    expect(named('__proto__')).toMatch(/no name of a column/);
    expect(bad({ maxBytes: 2e9 })).toBeDefined();
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
  const local = (values: number[]) => tableData(csv(values), spec).statistics;
  const sum = (parts: Int8Array[]) =>
    Int32Array.from(parts[0]!, (_, j) => parts.reduce((n, part) => n + part[j]!, 0));

  test('are those of the pooled column, which nobody has seen', () => {
    const parties = [rows(1, 40), rows(2, 300), rows(3, 7)];
    const parts = parties.map((values) => local(values));
    for (const party of parts) for (const u of party) expect(Math.abs(u)).toBeLessThanOrEqual(127);
    const { pressure } = combineStatistics(sum(parts), spec);
    const all = parties.flat().map((v) => Math.max(80, Math.min(200, v)));
    const mean = all.reduce((a, b) => a + b, 0) / all.length;
    const deviation = Math.sqrt(all.reduce((a, b) => a + (b - mean) ** 2, 0) / all.length);
    expect(pressure!.mean).toBeCloseTo(mean, 2);
    expect(pressure!.deviation).toBeCloseTo(deviation, 2);
  });
  test('survive many parties and negative sums', () => {
    const low = local([80, 81, 82]);
    const { pressure } = combineStatistics(sum(Array<Int8Array>(1023).fill(low)), spec);
    expect(pressure!.mean).toBeCloseTo(81, 2);
  });
  test('that do not fit their digits are refused, not cut', () => {
    // At the edge of the range a row adds 2^24 to the squares; eight digits below 32 end at 31 (64^8 - 1) / 63,
    // 8,255,455.5 of them.
    const range = [80, 200] as const;
    const edge = (count: number) => ({ count, sum: count * 2 ** 24, squares: count * 2 ** 24 });
    const coordinates = encodeColumn(edge(8_255_455));
    expect(coordinates.every((digit) => digit >= -32 && digit < 32)).toBe(true);
    expect(scalingOf(decodeColumn(coordinates, 0), range)).toMatchObject({ mean: 200, narrow: true });
    expect(() => encodeColumn(edge(8_255_456))).toThrow(/does not fit/);
  });
  test('need a range and at least one value', () => {
    expect(() => combineStatistics(new Int32Array(22), spec)).toThrow(/no value at any party/);
    expect(() => combineStatistics(new Int32Array(3), spec)).toThrow(/need 22/);
    const open = csvSpec.parse({ ...spec, columns: [{ type: 'numeric', name: 'pressure' }] });
    expect(() => tableData(csv([1]), open)).toThrow(/pressure has no range/);
  });
  test.each([
    ['constant', [50, 250], () => 80, true],
    ['too narrow', [0, 1e6], (i: number) => 5 + (i % 4), true],
    ['narrow', [0, 1000], (i: number) => 500 + 0.5 * (i % 3), true],
    ['wide enough', [0, 1000], (i: number) => 500 + 2 * (i % 3), false],
  ] as const)('of a column that is %s never blow a value up', (_, range, value, narrow) => {
    const one = csvSpec.parse({
      kind: 'csv',
      columns: [{ type: 'numeric', name: 'x', range }],
      target: { name: 'y', threshold: 0 },
    });
    const values = Array.from({ length: 50 }, (_, i) => value(i));
    const text = `x,y\n${values.map((v) => `${v},0`).join('\n')}\n`;
    const said: string[] = [];
    const own = tableData(table(text), one).statistics;
    const { x } = combineStatistics(Int32Array.from(own), one, (name) => said.push(name));
    expect(said).toEqual(narrow ? ['x'] : []);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
    if (narrow) expect(x!.deviation).toBe((range[1] - range[0]) / 2);
    else expect(x!.deviation / deviation).toBeCloseTo(1, 1);
    // A row one percent of the range off, as another site may have it.
    expect((0.01 * (range[1] - range[0])) / x!.deviation).toBeLessThan(10);
  });
});

describe('four clinics', () => {
  const heart = csvSpec.parse(heartData);

  test('learn together what disease looks like, from their own files', async () => {
    await startBackend('wasm');
    const paths = ['cleveland', 'hungarian', 'switzerland', 'va'].map((name) => join(clinics, `${name}.csv`));
    const own = await Promise.all(
      paths.map(async (file) =>
        tableData(await loadTable({ kind: 'csv', file }, heart, plainReading), heart),
      ),
    );
    const sums = Int32Array.from(own[0]!.statistics, (_, j) =>
      own.reduce((n, one) => n + one.statistics[j]!, 0),
    );
    const statistics = combineStatistics(sums, heart);
    expect(statistics.age!.mean).toBeCloseTo(53.5, 0);
    const parts = own.map((one) => {
      const data = one.dataset(statistics);
      return split(data, [Math.floor(data.count * 0.7), Math.floor(data.count * 0.3)], 1);
    });
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
