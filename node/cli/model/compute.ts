// A model's network at work in this thread, or the site's program.
import { classProbabilities, type Dataset, modelLayout, Network, startBackend } from '../../learn/index.ts';
import type { ModelFile, readModelFile } from '../files/model_file.ts';
import { openProgram, type ProgramPlace } from '../open/host.ts';

/** A model's file, read. */
export type ReadModel = Awaited<ReturnType<typeof readModelFile>>;

/** Runs `use` with a model's network and parameters. */
export async function withNetwork<T>(
  { file, parameters }: ReadModel,
  use: (network: Network, model: Float32Array, file: ModelFile) => Promise<T>,
): Promise<T> {
  await startBackend('wasm');
  const network = new Network(file.description.model);
  try {
    return await use(network, parameters(network.size), file);
  } finally {
    network.dispose();
  }
}

/**
 * Probabilities of rows, one a class.
 * @param place how a program is run, for a model that is one.
 */
export async function chancesOf(
  { file, parameters }: ReadModel,
  data: Dataset,
  place: ProgramPlace,
): Promise<Float32Array | Float64Array> {
  const { model } = file.description;
  if (model.kind !== 'program')
    return withNetwork({ file, parameters }, async (network, flat) =>
      classProbabilities(network, flat, { data, adaptation: file.adaptation }),
    );
  const host = await openProgram(model, place, (text) => console.error(text));
  try {
    return await (await host.take(data)).predict(parameters(modelLayout(model).size));
  } finally {
    await host.close();
  }
}
