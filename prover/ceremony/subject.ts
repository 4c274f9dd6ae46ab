// What a ceremony makes keys for: the statements of a preset, or the statement `score`, whose circuits are its shapes.
import {
  type CircuitName,
  circuitNames,
  ensureCircuit,
  ensureScoreCircuit,
  type HashedFile,
  type ScoreShapeName,
  scoreShapeNames,
} from '@murmuration/circuits';
import type { PresetName } from '@murmuration/core';

/** A preset, or the statement about credit. */
export type Subject = PresetName | 'score';

/** A compiled circuit of a ceremony. */
export interface CeremonyCircuit {
  /** Such as `update/quick` or `score/logistic`. */
  readonly id: string;
  /** As the transcript calls it: the statement, or of `score` the shape. */
  readonly circuit: string;
  /** Its constraints. */
  readonly r1cs: HashedFile;
  /** Its witness generator. */
  readonly wasm: HashedFile;
}

/** As transcripts call them, in their order. */
export const circuitsOf = (subject: Subject): readonly string[] =>
  subject === 'score' ? scoreShapeNames : circuitNames;

/** A circuit's name for messages. */
export const idOf = (subject: Subject, circuit: string): string =>
  subject === 'score' ? `score/${circuit}` : `${circuit}/${subject}`;

/** One of {@link circuitsOf}, compiled, or found compiled. */
export async function compileCircuit(
  subject: Subject,
  circuit: string,
  cacheFolder: string,
): Promise<CeremonyCircuit> {
  if (subject !== 'score') return ensureCircuit(circuit as CircuitName, subject, { cacheFolder });
  return { ...(await ensureScoreCircuit(circuit as ScoreShapeName, { cacheFolder })), circuit };
}
