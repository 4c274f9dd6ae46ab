// The product of two matrices in WebAssembly, four rows by eight columns at a time. The left factor and the
// result are addressed by tables, so that a transposed matrix, and a convolution's pictures as they lie, are
// multiplied without being copied. The right factor is packed into panels of eight columns, whose numbers lie
// in the order of their use (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", 2008).
import {
  assemble,
  type Code,
  f32,
  f32x4,
  func,
  i32,
  i32s,
  instantiateOver,
  type Memory,
  type NewLocal,
  repeat,
  type Type,
  type Variable,
  v128,
  when,
} from '@murmuration/core/wasm';

/** Columns of a panel. With four rows the sums take 8 registers of 16, and their factors 3. */
export const panelColumns = 8;
const tileRows = 4;
const float = 4;
const panelBytes = panelColumns * float;

/** The kernels over a memory. Addresses and offsets are in bytes, those of a table have 32 bits. */
export interface ProductKernels {
  /** Packs a matrix into panels; the last one is filled up with zeros. */
  pack(matrix: PackedMatrix): void;
  /** Adds to the result: `c[z[i] + j] += sum over k of a[x[i] + y[k]] * b[k, j]`. */
  multiply(product: PlacedProduct): void;
}

/** A matrix to be packed. */
export interface PackedMatrix {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly columns: number;
  /** From a number to its neighbour in the next row, and in the next column. */
  readonly down: number;
  readonly right: number;
}

/** A product in memory, of m rows, n columns and `depth` summands; x, y and z are tables, and b is packed. */
export interface PlacedProduct {
  readonly a: number;
  readonly x: number;
  readonly y: number;
  readonly b: number;
  readonly c: number;
  readonly z: number;
  readonly m: number;
  readonly n: number;
  readonly depth: number;
  /** 32 bytes to work in. */
  readonly room: number;
}

/** `for (variable = 0; variable < to; variable += step)`. */
const count = (variable: Variable, to: Code, step: number, ...body: Code[]): Code => [
  variable.set(i32.const(0)),
  repeat(i32.lt(variable.get, to), ...body, advance(variable, i32.const(step))),
];

const advance = (variable: Variable, by: Code): Code => variable.set(i32.add(variable.get, by));

const several = (local: NewLocal, type: Type, size: number): Variable[] =>
  Array.from({ length: size }, () => local(type));

const packing = func('pack', i32s(6), undefined, (local, from, to, rows, columns, down, right) => {
  const [j, k, c, at] = [local('i32'), local('i32'), local('i32'), local('i32')];
  const column = i32.add(j.get, c.get);
  const value = i32.load(i32.add(at.get, i32.mul(column, right.get)));
  const packOne = [
    i32.store(to.get, i32.const(0)),
    when(i32.lt(column, columns.get), i32.store(to.get, value)),
    advance(to, i32.const(float)),
  ];
  const packRow = [count(c, i32.const(panelColumns), 1, ...packOne), advance(at, down.get)];
  return [count(j, columns.get, panelColumns, at.set(from.get), count(k, rows.get, 1, ...packRow))];
});

const multiplying = func('multiply', i32s(10), undefined, (local, a, x, y, b, c, z, m, n, depth, room) => {
  const [i, j, l, panel] = [local('i32'), local('i32'), local('i32'), local('i32')];
  const [offset, inTable, inPanel, end, to] = several(local, 'i32', 5) as [
    Variable,
    Variable,
    Variable,
    Variable,
    Variable,
  ];
  const [left, low, high] = [local('v128'), local('v128'), local('v128')];
  const tile = several(local, 'i32', tileRows).map((row, r) => ({
    row,
    sums: [local('v128'), local('v128')] as const,
    index: i32.add(i.get, i32.const(r)),
  }));
  type TileRow = (typeof tile)[number];
  const entry = (table: Variable, index: Code): Code =>
    i32.load(i32.add(table.get, i32.shl(index, i32.const(2))));

  /** Finds a row of the left factor: past the last one the last one again, whose sums nobody takes. */
  const find = ({ row, index }: TileRow): Code => [
    row.set(i32.sub(m.get, i32.const(1))),
    when(i32.lt(index, m.get), row.set(index)),
    row.set(i32.add(a.get, entry(x, row.get))),
  ];
  const addRow = ({ row, sums: [first, second] }: TileRow): Code => [
    left.set(v128.loadSplat32(i32.add(row.get, offset.get))),
    first.set(f32x4.relaxedMadd(left.get, low.get, first.get)),
    second.set(f32x4.relaxedMadd(left.get, high.get, second.get)),
  ];
  const addUp: Code = [
    ...tile.flatMap(({ sums }) => sums.map((sum) => sum.set(v128.constant(0n, 0n)))),
    inTable.set(y.get),
    inPanel.set(panel.get),
    end.set(i32.add(panel.get, i32.mul(depth.get, i32.const(panelBytes)))),
    repeat(
      i32.lt(inPanel.get, end.get),
      offset.set(i32.load(inTable.get)),
      low.set(v128.load(inPanel.get)),
      high.set(v128.load(inPanel.get, 16)),
      ...tile.map(addRow),
      advance(inTable, i32.const(float)),
      advance(inPanel, i32.const(panelBytes)),
    ),
  ];

  const columnsLeft = i32.sub(n.get, j.get);
  const isWhole = i32.ge(columnsLeft, i32.const(panelColumns));
  const addFour = (sum: Variable, bytes: number): Code =>
    v128.store(to.get, f32x4.add(v128.load(to.get, bytes), sum.get), bytes);
  /** Adds the sums of a row to the result; those of a panel that is not whole one by one. */
  const put = ({ sums: [first, second], index }: TileRow): Code =>
    when(
      i32.lt(index, m.get),
      to.set(i32.add(i32.add(c.get, entry(z, index)), i32.shl(j.get, i32.const(2)))),
      when(isWhole, addFour(first, 0), addFour(second, 16)),
      when(
        i32.eqz(isWhole),
        v128.store(room.get, first.get),
        v128.store(room.get, second.get, 16),
        inPanel.set(room.get),
        count(
          l,
          columnsLeft,
          1,
          f32.store(to.get, f32.add(f32.load(to.get), f32.load(inPanel.get))),
          advance(to, i32.const(float)),
          advance(inPanel, i32.const(float)),
        ),
      ),
    );
  const eachTile = count(i, m.get, tileRows, ...tile.map(find), addUp, ...tile.map(put));
  return [panel.set(b.get), count(j, n.get, panelColumns, eachTile, panel.set(end.get))];
});

/** Compiles the kernels over a memory. */
export function productKernels(memory: Memory): ProductKernels {
  const { pack, multiply } = instantiateOver(assemble([packing, multiplying], 1), memory);
  return {
    pack({ from, to, rows, columns, down, right }) {
      pack!(from, to, rows, columns, down, right);
    },
    multiply({ a, x, y, b, c, z, m, n, depth, room }) {
      multiply!(a, x, y, b, c, z, m, n, depth, room);
    },
  };
}
