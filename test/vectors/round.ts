// `node test/vectors/round.ts --out FILE [...]`: plays a round of real proofs for given addresses and writes
// it as JSON, so that a contract's tests can fix their addresses and have proofs that match. Without --out it
// writes test/vectors/proofs.json: a round of `tiny` and one of `quick`.
import { rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parsePreset } from '@murmuration/prover';
import { defaultRound, makeRound, type RoundParameters } from './generators/round.ts';
import { render } from './write.ts';

const usage = `usage: node test/vectors/round.ts --out FILE [--preset tiny|quick|base] [--chain-id N] [--contract ADDRESS] [--task N] [--round N]
  [--trainers A,B,...] [--weights W,...] [--validators A,B,...] [--prover ADDRESS] [--chunks N] [--norm-bound N] [--label TEXT]
what is not given is as in proofs.json; a weight is 1 where --trainers is given without --weights`;

const texts = [
  'out',
  'preset',
  'chain-id',
  'contract',
  'task',
  'round',
  'trainers',
  'weights',
  'validators',
  'prover',
  'chunks',
  'norm-bound',
  'label',
] as const;

function parse(args: string[]): { out?: string; parameters: RoundParameters } {
  const options = Object.fromEntries(texts.map((name) => [name, { type: 'string' as const }]));
  const given = parseArgs({ args, options }).values as Partial<Record<(typeof texts)[number], string>>;
  const fallback = defaultRound(parsePreset(given.preset ?? 'tiny').name);
  const list = (text: string | undefined) => text?.split(',');
  const number = (text: string | undefined, otherwise: bigint) =>
    text === undefined ? otherwise : BigInt(text);
  const trainers = list(given.trainers) ?? fallback.trainers;
  const weights =
    list(given.weights)?.map(Number) ?? (given.trainers ? trainers.map(() => 1) : fallback.weights);
  if (weights.length !== trainers.length)
    throw new Error(`${weights.length} weights for ${trainers.length} trainers\n${usage}`);
  const parameters = {
    preset: fallback.preset,
    chainId: number(given['chain-id'], fallback.chainId),
    contract: given.contract ?? fallback.contract,
    task: number(given.task, fallback.task),
    round: number(given.round, fallback.round),
    trainers,
    weights,
    validators: list(given.validators) ?? fallback.validators,
    prover: given.prover ?? fallback.prover,
    chunks: Number(given.chunks ?? fallback.chunks),
    normBound: number(given['norm-bound'], fallback.normBound),
    label: given.label ?? fallback.label,
  };
  return { ...(given.out === undefined ? {} : { out: given.out }), parameters };
}

async function write(path: string | URL, value: unknown): Promise<void> {
  const target = path instanceof URL ? fileURLToPath(path) : path;
  await writeFile(`${target}.partial`, render(value));
  await rename(`${target}.partial`, target);
  console.log(`wrote ${target}`);
}

if (process.argv.includes('--help')) {
  console.log(usage);
} else {
  const { out, parameters } = parse(process.argv.slice(2));
  if (out !== undefined) await write(out, await makeRound(parameters));
  else {
    const [tiny, quick] = [await makeRound(defaultRound('tiny')), await makeRound(defaultRound('quick'))];
    await write(new URL('proofs.json', import.meta.url), { tiny, quick });
  }
}
