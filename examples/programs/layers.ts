// A program for `--exec "node layers.ts"`: two dense layers, computed by this project's own network. Its settings are
// `inputs`, `hidden` and `classes`.
import {
  classProbabilities,
  initialModel,
  modelLayout,
  Network,
  seeded,
  serveProgram,
  startBackend,
} from '../../node/learn/index.ts';

await serveProgram(async (settings) => {
  const [inputs, hidden, classes] = ['inputs', 'hidden', 'classes'].map((name) => Number(settings[name]));
  await startBackend('wasm');
  const network = new Network({
    input: [inputs!],
    layers: [
      { type: 'dense', units: hidden!, activation: 'relu' },
      { type: 'dense', units: classes!, activation: 'linear' },
    ],
    loss: 'categorical',
  });
  const { weights } = modelLayout(network.spec);
  const names = ['hidden weights', 'hidden bias', 'output weights', 'output bias'];
  return {
    parameters: weights.map(({ shape }, at) => ({ name: names[at]!, shape: [...shape] })),
    initial: (seed) => initialModel(network, seed),
    train: (model, data, { seed, ...steps }) =>
      network.train(model, data, { ...steps, random: seeded(seed, 'batches') }),
    predict: (model, data) => Float32Array.from(classProbabilities(network, model, { data })),
    gradient: (model, data) => network.gradient(model, data),
  };
});
