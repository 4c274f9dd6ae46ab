// Bases of a verifying key: the points of its IC that stand for public signals which verifiers do not take one by one. A
// circuit with thousands of public inputs that everyone knows is verified by one point, their multiples of the bases, added: who
// answers for the inputs computes it once.
import { type CircuitName, hasFoldedSignals, publicSignalNames } from '@murmuration/circuits';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { ProverError } from '../errors.ts';
import { viewOf, writeBig } from '../kzg/bytes.ts';
import { type G1Point, parseG1 } from '../kzg/points.ts';
import { g1Bytes } from '../kzg/wasm.ts';
import type { VerifyingKey } from './verifying_key.ts';

/** Public signals of a circuit that are words of their own; `undefined` for a circuit that has no others. */
export function wordSignals(circuit: CircuitName): number | undefined {
  return hasFoldedSignals(circuit) ? publicSignalNames(circuit).length : undefined;
}

/** A key whose IC is cut behind the signals that are words of their own, and the rest of it. */
export interface FoldedKey {
  readonly key: VerifyingKey;
  /** Empty for a key that takes every signal as a word. */
  readonly bases: readonly G1Point[];
}

/**
 * Cuts a key's IC.
 *
 * @param key with a point for every public signal.
 * @param signals that are words of their own; all unless given.
 */
export function foldKey(key: VerifyingKey, signals: number | undefined): FoldedKey {
  if (signals === undefined) return { key, bases: [] };
  const bases = key.ic.slice(signals + 1);
  return { key: { ...key, ic: key.ic.slice(0, signals + 1), bases: basesHash(bases) }, bases };
}

/**
 * Checks the bases: each a finite point of the curve, or the input that it stands for would be free.
 *
 * @throws {ProverError} `key-unsound` or `point`, naming the first that is not.
 */
export function checkBases(name: string, bases: readonly G1Point[]): void {
  bases.forEach((point, i) => {
    if (!parseG1(`${name}: base ${i}`, point).is0()) return;
    throw new ProverError('key-unsound', `${name}: base ${i} is infinity, so its public input is not bound`, {
      mend: 'Make the key again.',
    });
  });
}

/** `keccak256(abi.encode(G1[]))`: an offset, the number of points, and two words each. */
function basesHash(bases: readonly G1Point[]): `0x${string}` {
  const head = new Uint8Array(64);
  writeBig(viewOf(head), 0, 32n);
  writeBig(viewOf(head), 32, BigInt(bases.length));
  return `0x${bytesToHex(keccak_256(Buffer.concat([head, encodeBases(bases)])))}`;
}

/** 64 bytes a point, big end first. */
export function encodeBases(bases: readonly G1Point[]): Uint8Array {
  const bytes = new Uint8Array(bases.length * g1Bytes);
  const view = viewOf(bytes);
  bases.forEach(({ x, y }, i) => {
    writeBig(view, i * g1Bytes, x);
    writeBig(view, i * g1Bytes + 32, y);
  });
  return bytes;
}
