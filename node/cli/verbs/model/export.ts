// `model export`: a trained model for tools that know nothing of Murmuration.
import { basename, dirname, extname, join } from 'node:path';
import { onnx, safetensors, type TrainedModel, tfjs } from '../../../export/index.ts';
import { layersOf, modelLayout } from '../../../learn/index.ts';
import { version } from '../../command/version.ts';
import { type ModelFile, readModelFile } from '../../files/model_file.ts';
import { writeOutput } from '../../output/file.ts';
import { print } from '../../output/format.ts';

type ExportFormat = 'safetensors' | 'onnx' | 'tfjs';

interface ExportSettings {
  readonly model: string;
  readonly format: ExportFormat;
  readonly out: string;
  readonly licence?: string;
  readonly json: boolean;
}

/** What was written, and what there is to say of it. */
interface Written {
  readonly told: string;
  readonly files: readonly string[];
  readonly more?: { readonly inputs: readonly string[]; readonly outputs: readonly string[] };
}

/** `model export`. */
export async function exportModel({
  model: path,
  format,
  out,
  licence,
  json,
}: ExportSettings): Promise<void> {
  const { file, parameters } = await readModelFile(path);
  const { statistics, adaptation } = file;
  const layers = layersOf(file.description.model, '`murmur model export`');
  const description = { ...file.description, model: layers };
  const model: TrainedModel = {
    description,
    statistics,
    parameters: parameters(modelLayout(layers).size),
    adaptation,
    lineage: lineageOf(file, licence),
    producer: { name: 'murmuration', version: version() },
  };
  const { digest } = file;
  const { told, files, more } = await write[format]({ model, digest, out });
  const names = more && `\n  takes ${more.inputs.join(', ')}\n  gives ${more.outputs.join(', ')}`;
  print(json, { format, out, files, digest, ...more }, `${told}: ${format} of ${digest}${names ?? ''}`);
}

/** A model on its way into files. */
interface Task {
  readonly model: TrainedModel;
  /** Of its parameters' bytes. */
  readonly digest: string;
  readonly out: string;
}

const write: Readonly<Record<ExportFormat, (task: Task) => Promise<Written>>> = {
  async safetensors({ model, out }) {
    return { told: await writeOutput(out, safetensors(model)), files: [out] };
  },
  async onnx({ model, out }) {
    const { bytes, inputs, outputs } = onnx(model);
    return { told: await writeOutput(out, bytes), files: [out], more: { inputs, outputs } };
  },
  async tfjs({ model, digest, out }) {
    // The weights' name has their digest, so that a model that is replaced finds its own until the new one stands in its place.
    const name = `${basename(out, extname(out))}.${digest.slice(2, 18)}.bin`;
    const beside = join(dirname(out), name);
    const { model: topology, weights } = tfjs(model, name);
    await writeOutput(beside, weights);
    return { told: `${await writeOutput(out, topology)} and ${name}`, files: [out, beside] };
  },
};

/** Where a model comes from and what it is of, as texts by name (docs/models.md, "Lineage"). */
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
