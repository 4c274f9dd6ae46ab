// A trained model as files for tools that know nothing of Murmuration.
import { onnx, safetensors, type TrainedModel, tfjs } from '../../export/index.ts';
import { layersOf, modelLayout } from '../../learn/index.ts';
import { version } from '../command/version.ts';
import type { ModelFile } from '../files/model_file.ts';
import type { ReadModel } from './compute.ts';

/** Forms that a model goes out in. */
export type ExportFormat = 'safetensors' | 'onnx' | 'tfjs';

/** What is asked for. */
export interface ExportTask {
  readonly format: ExportFormat;
  /** Of its first file, without the ending: files beside it are named after it. */
  readonly name: string;
  /** What the metadata say of its licence. */
  readonly licence?: string | undefined;
}

/** A model in one form. */
export interface Exported {
  readonly bytes: Uint8Array;
  /** What lies beside it under this very name, which the first file refers to. */
  readonly beside?: { readonly name: string; readonly bytes: Uint8Array };
  /** Names of what it takes and gives, where the form has such. */
  readonly more?: { readonly inputs: readonly string[]; readonly outputs: readonly string[] };
}

/**
 * A model in a form, its lineage along with it (docs/models.md, "Lineage").
 * @throws NodeError `learning` for a model that the form cannot hold: a program, or one that a site has adapted.
 */
export function exported({ file, parameters }: ReadModel, { format, name, licence }: ExportTask): Exported {
  const { statistics, adaptation, digest } = file;
  const layers = layersOf(
    file.description.model,
    '`murmur model export`',
    "Take `parameters` of the model's own file, float32 in the order of the task's parameters (docs/programs.md).",
  );
  const model: TrainedModel = {
    description: { ...file.description, model: layers },
    statistics,
    parameters: parameters(modelLayout(layers).size),
    adaptation,
    lineage: lineageOf(file, licence),
    producer: { name: 'murmuration', version: version() },
  };
  if (format === 'safetensors') return { bytes: safetensors(model) };
  if (format === 'onnx') {
    const { bytes, inputs, outputs } = onnx(model);
    return { bytes, more: { inputs, outputs } };
  }
  // The weights' name has their digest, so that a model that is replaced finds its own until the new one stands in its place.
  const beside = `${name}.${digest.slice(2, 18)}.bin`;
  const { model: topology, weights } = tfjs(model, beside);
  return { bytes: Buffer.from(topology), beside: { name: beside, bytes: weights } };
}

/** Where a model comes from and what it is of, as texts by name. */
function lineageOf(file: ModelFile, licence: string | undefined): Record<string, string> {
  const { format, origin, description, statistics, lineage, digest, adaptation } = file;
  const accepted = lineage.rounds.filter(({ outcome }) => outcome === 'accepted');
  const quality = accepted.at(-1)?.quality;
  return {
    format,
    name: description.name,
    chain_id: String(origin.chainId),
    marketplace: origin.marketplace,
    task: origin.task,
    ...(origin.description !== undefined && { description_digest: origin.description }),
    ...(origin.trainers !== undefined && { trainers: String(origin.trainers) }),
    ...(origin.validators !== undefined && { validators: String(origin.validators) }),
    first_model_digest: lineage.first,
    model_digest: digest,
    rounds: String(lineage.rounds.length),
    accepted_rounds: String(accepted.length),
    ...(quality !== undefined && { accuracy_basis_points: String(quality) }),
    lineage: JSON.stringify(lineage),
    model: JSON.stringify(description.model),
    data: JSON.stringify(description.data),
    statistics: JSON.stringify(statistics),
    ...(adaptation !== undefined && { adaptation: JSON.stringify(adaptation) }),
    ...(licence !== undefined && { license: licence }),
  };
}
