// Products over tensors: puts tables and the packed factor beside them, and lets the kernels add up.
import type { Memory } from '@murmuration/core/wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Backend, dispose, placeOf } from './call.ts';
import { type ProductKernels, panelColumns, productKernels } from './gathered_product.ts';

/**
 * A product of `rows.length` rows, `columns` columns and `depth.length` summands, added to what is there:
 * `to[places[i] + j] += sum over k of left[rows[i] + depth[k]] * right[k, j]`. All offsets are in floats.
 */
export interface Product {
  readonly left: TensorInfo;
  readonly rows: Int32Array;
  readonly depth: Int32Array;
  readonly right: Matrix;
  readonly columns: number;
  readonly to: TensorInfo;
  readonly places: Int32Array;
}

/** A matrix as it lies in a tensor. */
export interface Matrix {
  readonly of: TensorInfo;
  /** Of its first number, in floats. */
  readonly offset: number;
  /** Floats from a number to its neighbour in the next row, and in the next column. */
  readonly down: number;
  readonly right: number;
}

/** Offsets of `count` numbers that lie `step` floats apart. */
export function every(step: number, count: number): Int32Array {
  // A loop: `from` takes as long as a small product.
  const offsets = new Int32Array(count);
  for (let i = 0; i < count; i++) offsets[i] = i * step;
  return offsets;
}

/** Does a product. */
export function addProduct(backend: Backend, product: Product): void {
  const { left, rows, depth, right, columns, to, places } = product;
  const panels = Math.ceil(columns / panelColumns) * panelColumns * depth.length;
  const room = backend.makeOutput([panels + panelColumns + 2 * rows.length + depth.length], 'int32');
  const words = backend.typedArrayFromHeap(room) as Int32Array;
  const base = placeOf(backend, room);
  let used = panels + panelColumns;
  const table = (offsets: Int32Array): number => {
    const at = used;
    for (let i = 0; i < offsets.length; i++) words[at + i] = offsets[i]! * 4;
    used += offsets.length;
    return base + at * 4;
  };
  const { pack, multiply } = kernelsOf(backend);
  pack({
    from: placeOf(backend, right.of) + right.offset * 4,
    to: base,
    rows: depth.length,
    columns,
    down: right.down * 4,
    right: right.right * 4,
  });
  multiply({
    a: placeOf(backend, left),
    x: table(rows),
    y: table(depth),
    b: base,
    c: placeOf(backend, to),
    z: table(places),
    m: rows.length,
    n: columns,
    depth: depth.length,
    room: base + panels * 4,
  });
  dispose(backend, room);
}

const compiled = new WeakMap<Memory, ProductKernels>();

/** The kernels over the backend's memory, compiled once. */
function kernelsOf({ wasm }: Backend): ProductKernels {
  // Emscripten keeps the exports of its module there; the declaration does not say so.
  const { memory } = (wasm as typeof wasm & { readonly asm: { readonly memory: Memory } }).asm;
  const known = compiled.get(memory);
  if (known) return known;
  const kernels = productKernels(memory);
  compiled.set(memory, kernels);
  return kernels;
}
