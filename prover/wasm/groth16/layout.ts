// Where everything of one key lies in its memory: tables, matrices and roots, which are read only; then room for each proof at a time; then
// room for each thread.
import type { Degree } from '../curve/index.ts';
import type { KernelName } from '../kernel.ts';
import { kernels, numberBytes } from '../kernel.ts';
import { type Allocator, createAllocator } from '../memory.ts';
import { firstFreeAddress } from '../module.ts';
import { type BasesShape, jobsOf, referencesOf, shapeOf, tableBytes } from '../msm/bases.ts';
import { allocateDomain, type DomainLayout } from '../scalar/domain.ts';
import { type VectorName, vectorNames } from './key_file.ts';

/** Scalars that follow the witness: what the proof's random r and s multiply delta by. */
export const extraScalars = 3;

/** The points of one sum and where their table lies. */
export interface VectorLayout {
  readonly shape: BasesShape;
  readonly table: number;
  /** Addresses of the numbers of the points' scalars: of wires, and behind them of the extra scalars. None for h. */
  readonly indices: number | undefined;
  /** What is added to its scalars. */
  readonly offset: number;
}

export interface MatrixLayout {
  readonly plan: number;
  readonly groups: number;
}

/** What is written once and then only read. */
export interface KeyLayout {
  readonly kernel: KernelName;
  readonly wires: number;
  readonly publics: number;
  readonly domain: DomainLayout;
  readonly vectors: Readonly<Record<VectorName, VectorLayout>>;
  readonly matrices: readonly [MatrixLayout, MatrixLayout];
  /** r, as words. */
  readonly order: number;
  readonly start: number;
  readonly end: number;
}

/** Room for one proof. */
export interface SlotLayout {
  /** The witness as it came, then numbers and signed words of all scalars. */
  readonly witness: number;
  readonly numbers: number;
  readonly signed: number;
  /** Rows of A w, B w, C w; the scalars of h take the place of the first. */
  readonly rows: readonly [number, number, number];
  /** Scalars of each sum, as they are stored. */
  readonly scalars: Readonly<Record<VectorName, number>>;
}

/** What sizes depend on. */
export interface KeySizes {
  readonly kernel: KernelName;
  readonly wires: number;
  readonly publics: number;
  readonly log2Domain: number;
  readonly points: Readonly<Record<VectorName, { full: number; short: number }>>;
  /** Bytes of the plans of A and B. */
  readonly plans: readonly [{ bytes: number; groups: number }, { bytes: number; groups: number }];
  readonly coefficients: number;
  /** Levels of tables; see {@link chooseShape}. */
  readonly levels: number;
}

export const degreeOf = (name: VectorName): Degree => (name === 'b2' ? 2 : 1);

/** Of all widths of windows, the one that needs the fewest additions with so many levels: digits, and two for each bucket. */
export function chooseShape(
  points: { degree: Degree; full: number; short: number },
  levels: number,
): BasesShape {
  let best: { cost: number; shape: BasesShape } | undefined;
  for (let width = 4; width <= 17; width++) {
    const shape = shapeOf(points, width, levels);
    const cost = points.full * shape.windows.list.length + shape.sets * 2 ** width;
    if (!best || cost < best.cost) best = { cost, shape };
  }
  return best!.shape;
}

/** Bytes behind tables and scalars that are read, never used. */
const slack = 512;

/** Lays out what a key keeps; the coefficients lie where the second result says. */
export function layOutKey(sizes: KeySizes): {
  layout: KeyLayout;
  indices: Record<VectorName, number>;
  coefficients: number;
} {
  const allocator = createAllocator(firstFreeAddress);
  const start = firstFreeAddress;
  const indices = {} as Record<VectorName, number>;
  const vectors = Object.fromEntries(
    vectorNames.map((name): [VectorName, VectorLayout] => {
      const shape = chooseShape({ degree: degreeOf(name), ...sizes.points[name] }, sizes.levels);
      const table = allocator.allocate(tableBytes(shape) + slack);
      const offset = allocator.allocate(32);
      if (name === 'h') return [name, { shape, table, offset, indices: undefined }];
      indices[name] = allocator.allocate(4 * (shape.full + shape.short));
      return [name, { shape, table, offset, indices: indices[name] }];
    }),
  ) as Record<VectorName, VectorLayout>;
  const matrices = sizes.plans.map(({ bytes, groups }) => ({ plan: allocator.allocate(bytes), groups })) as [
    MatrixLayout,
    MatrixLayout,
  ];
  const coefficients = allocator.allocate(numberBytes * sizes.coefficients);
  const domain = allocateDomain(kernels[sizes.kernel].lanes, sizes.log2Domain, allocator);
  const order = allocator.allocate(32);
  const layout: KeyLayout = {
    kernel: sizes.kernel,
    wires: sizes.wires,
    publics: sizes.publics,
    domain,
    vectors,
    matrices,
    order,
    start,
    end: allocator.top,
  };
  return { layout, indices, coefficients };
}

export function allocateSlot({ wires, domain, vectors }: KeyLayout, allocator: Allocator): SlotLayout {
  const size = 2 ** domain.log2Size;
  // As many as the widest kernel has lanes are read at a time.
  const room = wires + extraScalars + 4;
  const rows = () => allocator.allocate(numberBytes * size);
  const scalars = (name: VectorName) => {
    const { full, short } = vectors[name].shape;
    return allocator.allocate(32 * (full + short) + slack);
  };
  const [a, b, c] = [rows(), rows(), rows()];
  return {
    witness: allocator.allocate(32 * room),
    numbers: allocator.allocate(numberBytes * room),
    signed: allocator.allocate(32 * room),
    rows: [a, b, c],
    scalars: { a: scalars('a'), b1: scalars('b1'), b2: scalars('b2'), c: scalars('c'), h: a },
  };
}

/** What each thread needs for sums of a degree. */
export function limitsOf({ vectors }: KeyLayout, degree: Degree): { references: number; buckets: number } {
  const shapes = vectorNames.filter((name) => degreeOf(name) === degree).map((name) => vectors[name].shape);
  return {
    references: Math.max(...shapes.flatMap((shape) => [...jobsOf(shape).map(referencesOf), shape.short])),
    buckets: Math.max(...shapes.map(({ windows }) => 2 ** (windows.width - 1))),
  };
}
