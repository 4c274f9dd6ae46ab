// The root of an ordered list as blocks have it: a Merkle Patricia trie from the RLP of each index to the
// bytes there (Ethereum Yellow Paper, appendix D).
import { bytesToHex, concat, type Hex, hexToBytes, keccak256, numberToHex, toRlp } from 'viem';

/** A nested list of byte strings, as RLP takes it. */
type Item = Hex | readonly Item[];

interface Entry {
  /** What is left of the key, in half bytes. */
  readonly path: readonly number[];
  readonly value: Hex;
}

/** The root of a list of byte strings. */
export function orderedRoot(values: readonly Hex[]): Hex {
  if (values.length === 0) return keccak256('0x80');
  const entries = values.map((value, index) => ({ path: nibblesOf(keyOf(index)), value }));
  return keccak256(encode(nodeOf(entries)));
}

const keyOf = (index: number): Hex => toRlp(index === 0 ? '0x' : evenHex(index));
const evenHex = (value: number): Hex => {
  const digits = numberToHex(value).slice(2);
  return `0x${digits.length % 2 === 1 ? '0' : ''}${digits}`;
};

const nibblesOf = (key: Hex): number[] => [...hexToBytes(key)].flatMap((byte) => [byte >> 4, byte & 15]);

function nodeOf(entries: readonly Entry[]): Item {
  const [first] = entries;
  if (entries.length === 1) return [packed(first!.path, true), first!.value];
  const shared = sharedLength(entries.map(({ path }) => path));
  if (shared > 0) {
    const rest = entries.map(({ path, value }) => ({ path: path.slice(shared), value }));
    return [packed(first!.path.slice(0, shared), false), reference(nodeOf(rest))];
  }
  const children = Array.from({ length: 16 }, (_, nibble): Item => {
    const below = entries.filter(({ path }) => path[0] === nibble);
    if (below.length === 0) return '0x';
    return reference(nodeOf(below.map(({ path, value }) => ({ path: path.slice(1), value }))));
  });
  const here = entries.find(({ path }) => path.length === 0);
  return [...children, here?.value ?? '0x'];
}

/** A node of fewer than 32 bytes stands in its parent; of another its hash does. */
function reference(node: Item): Item {
  const bytes = encode(node);
  return (bytes.length - 2) / 2 < 32 ? node : keccak256(bytes);
}

const encode = (node: Item): Hex => toRlp(node as Parameters<typeof toRlp>[0], 'hex') as Hex;

/** Half bytes behind a flag for whether they end the key and are odd in number. */
function packed(path: readonly number[], ends: boolean): Hex {
  const odd = path.length % 2 === 1;
  const flag = (ends ? 2 : 0) + (odd ? 1 : 0);
  const nibbles = odd ? [flag, ...path] : [flag, 0, ...path];
  const bytes = Uint8Array.from(
    { length: nibbles.length / 2 },
    (_, i) => nibbles[2 * i]! * 16 + nibbles[2 * i + 1]!,
  );
  return bytesToHex(bytes);
}

function sharedLength(paths: readonly (readonly number[])[]): number {
  let length = 0;
  while (paths.every((path) => path.length > length && path[length] === paths[0]![length])) length += 1;
  return length;
}

/** A number as RLP takes it: without leading zeros. */
export const quantity = (value: Hex): Hex => {
  const number = BigInt(value);
  return number === 0n ? '0x' : evenHexOf(number);
};

const evenHexOf = (value: bigint): Hex => {
  const digits = value.toString(16);
  return `0x${digits.length % 2 === 1 ? '0' : ''}${digits}`;
};

/** Bytes behind the byte of a typed envelope (EIP-2718); type 0 has none. */
export const enveloped = (type: Hex, payload: Hex): Hex =>
  BigInt(type) === 0n ? payload : concat([evenHexOf(BigInt(type)), payload]);
