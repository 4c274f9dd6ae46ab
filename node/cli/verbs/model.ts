// `npm run murmur -- model save|show|evaluate|predict`: what the planner paid for, and how to use it.
import { writeFile } from 'node:fs/promises';
import { createHe } from '@murmuration/he';
import { readTask } from '../../chain/index.ts';
import {
  classNames,
  encodeInputs,
  evaluate,
  Network,
  readCsv,
  startBackend,
  type TaskDescription,
} from '../../learn/index.ts';
import { loadTask, runningStatistics, traceModel } from '../../roles/index.ts';
import { UserError } from '../errors.ts';
import { readRows } from '../files.ts';
import { type ModelFile, readModelFile, writeModelFile } from '../model_file.ts';
import { openData, openDeployment, openOnlooker, openReader, openStore } from '../open.ts';
import { percent, print } from '../output.ts';
import { chainFlags, common, need, readSettings, type Settings } from '../settings.ts';
import type { Verb } from '../verb.ts';

const help = `npm run murmur -- model save --task N --out FILE
npm run murmur -- model show --model FILE
npm run murmur -- model evaluate --model FILE --data DATA
npm run murmur -- model predict --model FILE --data csv:FILE [--out FILE]

save      compute the task's model again from what is public, check every round against the chain, write it to a file
show      where a model comes from: task, rounds, votes, digests
evaluate  accuracy, AUC, log loss and calibration error on rows with a label
predict   probabilities of rows; the target's column may be missing; CSV to --out or to the terminal

\`save\` needs deployment, chain and content store, no account; during a task it gives the model after the last closed round.
The others need the file alone. It is JSON: the task's description, the statistics that its data are scaled by, the digests
of all rounds, and the parameters as float32, little-endian, in base64 (node/cli/README.md).

  --task N            the task
  --out FILE          where the model, or the predictions, go
  --model FILE        a model that \`save\` wrote
  --data DATA         csv:FILE in the task's schema, or for demonstrations mnist:PART/OF
  --rpc URL           the chain's node (http://127.0.0.1:8545)
  --deployment FILE   the deployment (HOME/deployment.json)
  --store PLACE       content: a folder that all share (HOME/store), or kubo:http://127.0.0.1:5001
  --home FOLDER       where everything is kept (~/.murmuration)
  --json              print the result as JSON

Examples
  npm run murmur -- model save --task 1 --out heart.json
  npm run murmur -- model evaluate --model heart.json --data csv:test.csv
  npm run murmur -- model predict --model heart.json --data csv:new-patients.csv --out scores.csv`;

export const verb: Verb = { summary: 'get the trained model, check where it comes from, use it', help, run };

const actions = {
  save: [...chainFlags, 'task', 'out'],
  show: [...common, 'model'],
  evaluate: [...common, 'model', 'data', 'seed'],
  predict: [...common, 'model', 'data', 'out'],
} as const;

async function run(args: string[]): Promise<number> {
  const { action, settings } = readSettings('model', args, actions);
  await { save, show, evaluate: judge, predict }[action](settings);
  return 0;
}

async function save(settings: Settings): Promise<void> {
  const task = need(settings, 'task', 'model save');
  const out = need(settings, 'out', 'model save');
  const deployment = await openDeployment(settings);
  const posted = await readTask(await openReader(settings, deployment), deployment, task);
  const { chain } = await openOnlooker(settings, deployment, posted.planner, task);
  await chain.refresh();
  const store = await openStore(settings);
  await startBackend('wasm');
  const { description, network } = await loadTask(store, posted);
  try {
    const he = await createHe(description.preset);
    const context = { name: 'planner', chain, store, he, observe: () => undefined, description, network };
    const lineage = await traceModel(context, posted.parameters.model);
    const started = posted.status === 'running' || posted.status === 'ended';
    const statistics = started ? await runningStatistics(context) : {};
    const origin = {
      chainId: deployment.chainId,
      marketplace: deployment.marketplace,
      task: task.toString(),
    };
    await writeModelFile(out, { origin, description, statistics, lineage, network });
    const accepted = lineage.steps.filter(({ outcome }) => outcome === 'accepted').length;
    const quality = lineage.steps.findLast((step) => step.outcome === 'accepted')?.quality;
    const result = {
      task,
      status: posted.status,
      out,
      digest: lineage.digest,
      rounds: lineage.steps.length,
      accepted,
      quality,
    };
    print(
      settings.json,
      result,
      [
        `${out}: ${accepted === 0 ? 'the first model, no round is accepted yet' : `the model after ${accepted} accepted of ${lineage.steps.length} rounds, each computed again`}`,
        `task ${task} is ${posted.status}; digest ${lineage.digest}${quality === undefined ? '' : `; the validators saw an accuracy of ${percent(quality / 10_000)}`}`,
      ].join('\n'),
    );
  } finally {
    network.dispose();
    await store.stop();
  }
}

async function show(settings: Settings): Promise<void> {
  const { file } = await readModelFile(need(settings, 'model', 'model show'));
  const { parameters: _, ...shown } = file;
  const { origin, description, statistics, lineage, digest } = file;
  const text = [
    `${description.name}: ${file.layout.reduce((n, { shape }) => n + shape.reduce((a, b) => a * b, 1), 0)} parameters, digest ${digest}`,
    `task ${origin.task} of ${origin.marketplace} on chain ${origin.chainId}`,
    `  first model     ${lineage.first}`,
    ...lineage.rounds.map(
      ({ round, outcome, model, quality }) =>
        `  round ${String(round).padEnd(4)} ${outcome.padEnd(10)} ${model}${quality === undefined ? '' : `  ${percent(quality / 10_000)}`}`,
    ),
    ...Object.entries(statistics).map(
      ([name, { mean, deviation }]) =>
        `  ${name}: mean ${mean.toFixed(3)}, deviation ${deviation.toFixed(3)}`,
    ),
  ];
  print(settings.json, shown, text.join('\n'));
}

/** Runs `use` with a model's network and parameters. */
async function withModel<T>(
  settings: Settings,
  command: string,
  use: (network: Network, model: Float32Array, file: ModelFile) => Promise<T>,
): Promise<T> {
  const { file, parameters } = await readModelFile(need(settings, 'model', command));
  await startBackend('wasm');
  const network = new Network(file.description.model);
  try {
    return await use(network, parameters(network.size), file);
  } finally {
    network.dispose();
  }
}

async function judge(settings: Settings): Promise<void> {
  const data = need(settings, 'data', 'model evaluate');
  const { digest, ...found } = await withModel(settings, 'model evaluate', async (network, model, file) => {
    const own = await openData(data, file.description, 'validator', settings.seed);
    return { digest: file.digest, ...evaluate(network, model, own.dataset(file.statistics)) };
  });
  const text = [
    `${found.count} rows`,
    `  accuracy           ${percent(found.accuracy)}`,
    `  AUC                ${found.auc.toFixed(3)}`,
    `  log loss           ${found.logLoss.toFixed(3)}`,
    `  calibration error  ${percent(found.calibration)}`,
  ];
  print(settings.json, { digest, ...found }, text.join('\n'));
}

async function predict(settings: Settings): Promise<void> {
  const data = need(settings, 'data', 'model predict');
  if (data.kind !== 'csv')
    throw new UserError('`model predict` is for csv:FILE; for digits there is `model evaluate`.');
  const { names, rows } = await withModel(settings, 'model predict', async (network, model, file) => {
    const spec = csvOf(file.description);
    const inputs = await readRows(data.file, async () =>
      encodeInputs(await readCsv(data.file, spec), spec, file.statistics),
    );
    return { names: classNames(spec), rows: byClass(network.predict(model, inputs), inputs.count, network) };
  });
  const best = (row: number[]) => names[row.indexOf(Math.max(...row))]!;
  if (settings.json && !settings.out)
    return print(
      true,
      rows.map((row) => ({ class: best(row), probabilities: row })),
      '',
    );
  const csv = [
    ['row', 'class', ...names.map((name) => `p(${name})`)].map(quote).join(','),
    ...rows.map((row, at) => [at + 1, quote(best(row)), ...row.map((p) => p.toFixed(6))].join(',')),
  ].join('\n');
  if (!settings.out) return console.log(csv);
  await writeFile(settings.out, `${csv}\n`);
  print(settings.json, { out: settings.out, rows: rows.length }, `${settings.out}: ${rows.length} rows`);
}

function csvOf({ data }: TaskDescription) {
  if (data.kind !== 'csv') throw new UserError('the model is of digits, its rows are no CSV.');
  return data;
}

/** Probabilities by row, one a class also where the model gives the positive class's alone. */
function byClass(probabilities: Float32Array, count: number, { spec }: Network): number[][] {
  const width = probabilities.length / count;
  return Array.from({ length: count }, (_, row) => {
    const found = Array.from(probabilities.subarray(row * width, (row + 1) * width));
    return spec.loss === 'binary' ? [1 - found[0]!, found[0]!] : found;
  });
}

const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
