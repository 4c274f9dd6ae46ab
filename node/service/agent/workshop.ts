// What proofs are made with: the keys of one or several presets, one backend for all of them, and what of it is
// served.
import { createProver, type KeySet, type Prover, type ProverBackend } from '@murmuration/prover';
import type { CircuitName, ServedCircuit } from '../job/circuits.ts';

/** Keys and a backend, ready to prove. */
export interface Workshop {
  readonly served: readonly ServedCircuit[];
  proverOf(preset: ServedCircuit['preset']): Prover;
}

/** The circuits of key sets, or those named alone. */
export function servedOf(keySets: readonly KeySet[], only?: readonly string[]): ServedCircuit[] {
  return keySets.flatMap((keys) =>
    (Object.keys(keys.manifest.circuits) as CircuitName[])
      .filter((circuit) => only === undefined || only.includes(circuit))
      .map((circuit) => ({ circuit, preset: keys.preset, keys: keys.circuit(circuit).provingKey.sha256 })),
  );
}

/** @param backend has been started; its owner stops it. */
export function openWorkshop(
  keySets: readonly KeySet[],
  backend: ProverBackend,
  only?: readonly string[],
): Workshop {
  const provers = new Map(keySets.map((keys) => [keys.preset, createProver(keys, backend)]));
  return {
    served: servedOf(keySets, only),
    proverOf(preset) {
      const prover = provers.get(preset);
      if (!prover) throw new Error(`no keys of preset ${preset}`);
      return prover;
    },
  };
}
