// Rows as a site has them, one input a column, and what they become: the same scaling, categories and rules for missing
// values as in node/learn/data/tabular.ts. A row that `murmur model predict` refuses becomes NaN in all its outputs.
import {
  type ColumnSpec,
  type CsvSpec,
  columnWidth,
  numberOf,
  type Statistics,
  scaleOf,
} from '../../learn/index.ts';
import { elements, type Graph, tensor } from './graph.ts';

type Numeric = Extract<ColumnSpec, { type: 'numeric' }>;
type Categorical = Extract<ColumnSpec, { type: 'categorical' }>;

/** Of a cell that is no category: no place in a row has it. */
const refused = -1;
/** The operators beyond those of neural networks. */
const machineLearning = 'ai.onnx.ml';

/** A column and its input's name. */
interface Entry<Column> {
  readonly column: Column;
  readonly input: string;
}

/**
 * Adds inputs for raw rows. @returns the encoded rows: float, as wide as a row of this schema.
 * @throws NodeError `learning` for a column whose scale nobody gives.
 */
export function addRows(graph: Graph, { columns }: CsvSpec, statistics: Statistics): string {
  const numeric: Entry<Numeric>[] = [];
  const categorical: Entry<Categorical>[] = [];
  for (const column of columns) {
    if (column.type === 'numeric')
      numeric.push({ column, input: graph.input(column.name, 'double', [1], numericDoc(column)) });
    else
      categorical.push({
        column,
        input: graph.input(
          column.name,
          isNumbers(column) ? 'double' : 'text',
          [1],
          `one of ${column.values.join(', ')}`,
        ),
      });
  }
  const parts = [
    ...(numeric.length > 0 ? [addScaled(graph, numeric, statistics)] : []),
    ...(categorical.length > 0 ? [addOneHot(graph, categorical)] : []),
  ];
  if (parts.length === 1) return parts[0]!;
  // Numbers lie before categories here, but in the order of the schema in a row.
  let [number, category] = [0, numeric.length];
  const order = columns.flatMap((column) =>
    Array.from({ length: columnWidth(column) }, () => (column.type === 'numeric' ? number++ : category++)),
  );
  const both = graph.node('Concat', parts, { name: 'encoded_by_kind', attributes: { axis: 1 } });
  const places = graph.constant('order', [order.length], { int64: order });
  return graph.node('Gather', [both, places], { name: 'encoded', attributes: { axis: 1 } });
}

const numericDoc = ({ range, missing }: Numeric): string =>
  `a number${range ? ` from ${range[0]} to ${range[1]}, beyond which it is clipped` : ''}; NaN where it is missing (${missing})`;

/** Numbers: `(x - mean) / deviation`, in double precision as at home. */
function addScaled(graph: Graph, entries: readonly Entry<Numeric>[], statistics: Statistics): string {
  const row = (name: string, of: (column: Numeric) => number) =>
    graph.constant(name, [entries.length], { double: entries.map(({ column }) => of(column)) });
  const scale = (column: Numeric) => scaleOf(column, statistics);
  const numbers = joined(graph, entries, 'numbers');

  let missing = graph.node('IsNaN', [numbers], { name: 'number_is_missing' });
  const marks = entries.map(({ column }) => numbersOf(column.absent));
  for (let i = 0; i < Math.max(...marks.map(({ length }) => length)); i++) {
    // Nothing equals NaN: a column with fewer marks has none here.
    const mark = graph.constant('missing_mark', [entries.length], {
      double: marks.map((own) => own[i] ?? Number.NaN),
    });
    const found = graph.node('Equal', [numbers, mark], { name: 'number_is_mark' });
    missing = graph.node('Or', [missing, found], { name: 'number_is_missing' });
  }

  let clipped = numbers;
  if (entries.some(({ column }) => column.range)) {
    const low = row('low', ({ range }) => range?.[0] ?? Number.NEGATIVE_INFINITY);
    const high = row('high', ({ range }) => range?.[1] ?? Number.POSITIVE_INFINITY);
    clipped = graph.node('Min', [graph.node('Max', [numbers, low], { name: 'raised' }), high], {
      name: 'clipped',
    });
  }
  const centred = graph.node('Sub', [clipped, row('mean', (column) => scale(column).mean)], {
    name: 'centred',
  });
  const scaled = graph.node('Div', [centred, row('deviation', (column) => scale(column).deviation)], {
    name: 'scaled',
  });
  const fill = row('missing_becomes', (column) => {
    if (column.missing === 'reject') return Number.NaN;
    return column.missing === 'zero' ? -scale(column).mean / scale(column).deviation : 0;
  });
  const filled = graph.node('Where', [missing, fill, scaled], { name: 'filled' });
  // An infinite number is none, but clipping would make one of it.
  const infinite = graph.node('IsInf', [numbers], { name: 'number_is_infinite' });
  const nothing = graph.constant('no_number', [], { double: [Number.NaN] });
  const checked = graph.node('Where', [infinite, nothing, filled], { name: 'checked' });
  return graph.node('Cast', [checked], { name: 'numbers_encoded', attributes: { to: elements.float } });
}

/** Categories: one input a value, and one for what is missing where the schema has that. */
function addOneHot(graph: Graph, entries: readonly Entry<Categorical>[]): string {
  const codes = entries.map(({ column, input }) => ({
    column,
    input: graph.node('LabelEncoder', [input], {
      name: 'code',
      domain: machineLearning,
      attributes: codesOf(column),
    }),
  }));
  const joinedCodes = joined(graph, codes, 'codes');
  const places = entries.flatMap(({ column }, of) =>
    Array.from({ length: columnWidth(column) }, (_, code) => ({ of, code })),
  );
  const columnOf = graph.constant('column_of', [places.length], { int64: places.map(({ of }) => of) });
  const codeOf = graph.constant('code_of', [places.length], { double: places.map(({ code }) => code) });
  const spread = graph.node('Gather', [joinedCodes, columnOf], {
    name: 'codes_spread',
    attributes: { axis: 1 },
  });
  const equal = graph.node('Equal', [spread, codeOf], { name: 'is_category' });
  const oneHot = graph.node('Cast', [equal], { name: 'one_hot', attributes: { to: elements.float } });
  const none = graph.constant('least_code', [], { double: [0] });
  const unknown = graph.node('Less', [spread, none], { name: 'category_is_unknown' });
  const nothing = graph.constant('no_category', [], { float: Float32Array.of(Number.NaN) });
  return graph.node('Where', [unknown, nothing, oneHot], { name: 'categories_encoded' });
}

/** What the operator LabelEncoder needs to give a cell's code: its place among the values, or one behind them. */
function codesOf(column: Categorical) {
  const codes = new Map<string | number, number>();
  const add = (key: string | number, code: number) => void (codes.has(key) || codes.set(key, code));
  const numbers = isNumbers(column);
  column.values.forEach((value, code) => {
    for (const key of numbers ? numbersOf([value]) : spellings(value)) add(key, code);
  });
  if (column.missing !== 'reject') {
    const marks = numbers
      ? [Number.NaN, ...numbersOf(column.absent)]
      : ['', ...column.absent.flatMap(spellings)];
    for (const key of marks) add(key, column.values.length);
  }
  const keys = [...codes.keys()];
  const shape = [keys.length];
  return {
    keys_tensor: tensor(shape, numbers ? { double: keys as number[] } : { text: keys as string[] }),
    values_tensor: tensor(shape, { double: [...codes.values()] }),
    default_tensor: tensor([1], { double: [refused] }),
  };
}

/** Whether all values of a column are numbers: then its input takes numbers, since `3` and `3.0` are one value. */
const isNumbers = ({ values }: Categorical): boolean =>
  values.every((value) => numberOf(value) !== undefined);

const numbersOf = (texts: readonly string[]): number[] => texts.flatMap((text) => numberOf(text) ?? []);

/** A value as it may be written: a number among texts also as programs write it. */
function spellings(value: string): string[] {
  const number = numberOf(value);
  if (number === undefined) return [value];
  return [value, String(number), ...(Number.isInteger(number) ? [`${number}.0`] : [])];
}

/** Columns beside each other. */
function joined(graph: Graph, entries: readonly Entry<unknown>[], name: string): string {
  const inputs = entries.map(({ input }) => input);
  return inputs.length === 1 ? inputs[0]! : graph.node('Concat', inputs, { name, attributes: { axis: 1 } });
}
