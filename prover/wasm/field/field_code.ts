// What the curve and the transform are written in: code for arithmetic modulo a prime on one vector of numbers, whatever a number is made
// of. Two kinds exist, doubles.ts (two lanes, fused multiply-add) and integers.ts (one lane).
import type { Code, Variable } from '@murmuration/core/wasm';
import type { Addend, Bounds, Num, Operand, Product, Step } from './number.ts';

export interface FieldCode {
  readonly modulus: bigint;
  /** A number x is kept as `x * radix mod p`. */
  readonly radix: bigint;
  /** Bounds of a number that a product leaves: what loops assume of numbers in memory and check before they store. */
  readonly product: Bounds;
  /** Bounds of a number after {@link FieldCode.reduce}: about half of p. */
  readonly reduced: Bounds;
  /** Statements for the beginning of the function; complete once the body has been generated. */
  readonly prologue: Code[];
  /** Local variables by name; the same name gives the same number. */
  number(name: string): Num;
  /** A number from memory, in rows of limbs; `bounds` is what the writer checked. */
  load(to: Num, address: Code, offset?: number, bounds?: Bounds): Step;
  /** A number of one lane, into all lanes. */
  loadSplat(to: Num, address: Code, offset: number, bounds: Bounds): Step;
  /** A number of its own at each lane's address. */
  loadLanes(to: Num, addresses: readonly Variable[], bounds?: Bounds): Step;
  /** Writes each lane as a number whose limbs lie `stride` bytes apart. */
  storeLanes(addresses: readonly Variable[], from: Num, stride: number, bounds?: Bounds): Step;
  /** `to = (x0 + x1, x0 - x1)` of the two lanes (x0, x1): a butterfly inside a vector. */
  crossLanes(to: Num, from: Num): Step;
  /** @throws BoundError unless the number has the bounds. */
  store(address: Code, from: Num, offset?: number, bounds?: Bounds): Step;
  set(to: Num, from: Operand): Step;
  add(to: Num, a: Operand, b: Operand): Step;
  subtract(to: Num, a: Operand, b: Operand): Step;
  /** `to = (sum of products) / radix + sum of addends mod p`, small again. `to` may be one of the operands. */
  multiply(to: Num, products: readonly Product[], addends?: readonly Addend[]): Step;
  /** The same residue, about p / 2 in size at most, with limbs of their usual size. */
  reduce(number: Num): Step;
  /** A constant, not multiplied by the radix. */
  constant(value: bigint): Operand;
  /** Four words of 64 bits a lane, by name. */
  words(name: string): readonly Variable[];
  /** Reads 32 bytes a lane at the addresses. */
  loadWords(to: readonly Variable[], addresses: readonly Variable[], offset: number): Step;
  /** Writes 32 bytes a lane at the addresses. */
  storeWords(addresses: readonly Variable[], from: readonly Variable[], offset: number): Step;
  /** From an unsigned number below 2^256 whose value is below `value`; not multiplied by anything. */
  fromWords(to: Num, words: readonly Variable[], value: bigint): Step;
  /** `number + offset` as 256 bits, two's complement. */
  toWords(words: readonly Variable[], from: Num, offset: bigint): Step;
  /** From the words of `number + packOffset`, where the number has the bounds `reduced`. */
  unpack(to: Num, words: readonly Variable[]): Step;
  /** What `toWords` adds for {@link FieldCode.unpack}. */
  readonly packOffset: bigint;
  /** Negates where the lane's word is odd; `signs` is one vector, of which only the lowest bit of each lane counts. */
  negateWhere(number: Num, signs: Variable): Step;
  /** A vector of one word a lane from one variable a lane. */
  gatherSigns(to: Variable, lanes: readonly Variable[]): Step;
}
