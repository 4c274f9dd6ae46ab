// A model's file as the page tells of it.
import type { TakenModel } from '@murmuration/desk';
import type { ModelFile } from '../../files/model_file.ts';

/** @param taken when it was computed again. */
export function modelView({ digest, layout, lineage, description }: ModelFile, taken: Date): TakenModel {
  const accepted = lineage.rounds.filter(({ outcome }) => outcome === 'accepted');
  const quality = accepted.at(-1)?.quality;
  const share = (points: number | undefined) => points !== undefined && { quality: points / 10_000 };
  return {
    taken: taken.toISOString(),
    digest,
    parameters: layout.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
    rounds: lineage.rounds.length,
    accepted: accepted.length,
    ...share(quality),
    lineage: lineage.rounds.map(({ round, outcome, model, quality: points }) => ({
      round,
      outcome,
      model,
      ...share(points),
    })),
    takes:
      description.model.kind === 'program' ? 'program' : description.data.kind === 'csv' ? 'table' : 'digits',
  };
}
