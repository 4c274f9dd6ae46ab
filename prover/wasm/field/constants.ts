// Constants of a module: eight bytes each, in memory, read into both lanes by one load. V8 merges two vectors into one of 256 bits only
// where constants come from memory.
import { type Code, i32, v128 } from '@murmuration/core/wasm';

/** The bits of a double. */
export const bitsOf = (value: number): bigint => new BigUint64Array(new Float64Array([value]).buffer)[0]!;

/** A pool that grows while code is generated; its words are then written to memory at `address`. */
export interface Constants {
  readonly address: number;
  readonly words: readonly bigint[];
  /** Code for the word in both lanes. */
  word(value: bigint): Code;
  /** Code for the double in both lanes. */
  double(value: number): Code;
}

export function createConstants(address: number): Constants {
  const words: bigint[] = [];
  const index = new Map<bigint, number>();
  const word = (value: bigint): Code => {
    const unsigned = BigInt.asUintN(64, value);
    const found = index.get(unsigned) ?? words.push(unsigned) - 1;
    index.set(unsigned, found);
    return v128.loadSplat(i32.const(0), address + 8 * found);
  };
  return { address, words, word, double: (value) => word(bitsOf(value)) };
}
