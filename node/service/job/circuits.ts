// What a prover serves: circuits under keys, each with a queue of its own, and whether its witness is a secret.
import type { Manifest } from '@murmuration/prover';

/** A statement's circuit. */
export type CircuitName = keyof Manifest['circuits'];

/** A circuit of a preset under one proving key. */
export interface ServedCircuit {
  readonly circuit: CircuitName;
  readonly preset: Manifest['preset'];
  /** SHA-256 of the proving key's file, 64 hexadecimal digits: a proof under another key holds nowhere. */
  readonly keys: string;
}

/** Witnesses that everybody may see: those of an opened sum. A circuit that is not listed is taken for secret. */
const publicWitnesses: readonly CircuitName[] = ['aggregate'];

/** Whether the circuit's witness is its sender's secret, and must not leave the sender's institution. */
export function isSecret(circuit: CircuitName): boolean {
  return !publicWitnesses.includes(circuit);
}

/** The name of the circuit's queue in the database. */
export function queueOf({ circuit, preset, keys }: ServedCircuit): string {
  return `${preset}.${circuit}.${keys.slice(0, 32)}`;
}
