// The three circuits at the smallest useful size, so that phase 2 takes seconds.
import { type CircuitArtifact, type CircuitInstance, ensureInstance } from '../../../prover/circuit/index.ts';

const shared = { preset: 'test-8', domains: [11n] } as const;
const instances: readonly CircuitInstance[] = [
  { ...shared, circuit: 'update', parameters: { n: 8, bits: 8, slackBits: 17, group: 8 } },
  { ...shared, circuit: 'aggregate', parameters: { n: 8, bits: 18, group: 8 } },
  { ...shared, circuit: 'alignment', parameters: { n: 8, bits: 8, referenceBits: 18 }, domains: [11n, 12n] },
];

/** Compiles them (or finds them compiled). */
export function smallCircuits(): Promise<CircuitArtifact[]> {
  return Promise.all(instances.map((instance) => ensureInstance(instance)));
}
