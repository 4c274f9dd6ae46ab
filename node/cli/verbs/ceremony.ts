// `npm run murmur -- ceremony init|contribute|beacon|verify|finalize`: keys that nobody can forge with.
import { parseArgs } from 'node:util';
import { parsePreset } from '@murmuration/prover';
import {
  applyBeacon,
  type CeremonyOptions,
  checkCeremony,
  contribute,
  finalizeCeremony,
  initCeremony,
} from '@murmuration/prover/ceremony';
import { cacheFolder } from '../cache_folder.ts';
import { UserError } from '../errors.ts';
import type { Verb } from '../verb.ts';

const help = `npm run murmur -- ceremony init --ptau FILE [--preset NAME] [--folder FOLDER]
npm run murmur -- ceremony contribute --name NAME [--entropy TEXT] [--folder FOLDER]
npm run murmur -- ceremony beacon --hash HEX [--iterations-exp N] [--folder FOLDER]
npm run murmur -- ceremony verify --ptau FILE [--unfinished] [--folder FOLDER]
npm run murmur -- ceremony finalize --ptau FILE --out FOLDER [--folder FOLDER]

The keys are sound if one contributor was honest and forgot its secret. The folder travels from one institution to the next; its
transcript.json lists every step with hashes, for anyone to check with \`verify\`.

init         begin from a public, prepared Powers of Tau file (bn128; power 12 for tiny, 15 for quick, 17 for base)
contribute   mix a fresh secret into the keys of all circuits; publish the hashes that are printed
beacon       close the list with public randomness that nobody could foresee, such as a later block's hash
verify       check everything: files, circuits of this checkout, contributions, beacon, powers
finalize     verify, then write the keys with a manifest of kind \`ceremony\`

  --folder FOLDER        the ceremony's folder (build/ceremony)
  --preset NAME          tiny, quick, base or wide (base)
  --entropy TEXT         mixed with the system's random numbers
  --iterations-exp N     the beacon is hashed 2^N times, 10 to 32 (10)
  --unfinished           verify what is there so far, before contributing
  --json                 print the result as JSON

Examples
  npm run murmur -- ceremony init --ptau powersOfTau28_hez_final_17.ptau --preset base
  npm run murmur -- ceremony contribute --name "First University"
  npm run murmur -- ceremony beacon --hash 00000000000000000001f3f0a2b1c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5
  npm run murmur -- ceremony finalize --ptau powersOfTau28_hez_final_17.ptau --out build/keys/base-ceremony`;

export const verb: Verb = { summary: 'make keys together that nobody can forge with', help, run };

const text = { type: 'string' } as const;
const options = {
  ptau: text,
  preset: text,
  folder: { ...text, default: 'build/ceremony' },
  name: text,
  entropy: text,
  hash: text,
  'iterations-exp': text,
  out: text,
  unfinished: { type: 'boolean' },
  json: { type: 'boolean', default: false },
} as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

/** Flags of each action besides --folder and --json. */
const flags = {
  init: ['ptau', 'preset'],
  contribute: ['name', 'entropy'],
  beacon: ['hash', 'iterations-exp'],
  verify: ['ptau', 'unfinished'],
  finalize: ['ptau', 'out'],
} as const;
type Action = keyof typeof flags;

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const action = positionals[0] ?? '';
  if (!Object.hasOwn(flags, action) || positionals.length > 1) {
    throw new UserError(
      `unknown action ${JSON.stringify(positionals.join(' '))}; there are ${Object.keys(flags).join(', ')}. See --help.`,
    );
  }
  const allowed: readonly string[] = [...flags[action as Action], 'folder', 'json'];
  const stray = Object.keys(values).find((flag) => !allowed.includes(flag));
  if (stray) throw new UserError(`\`ceremony ${action}\` does not take --${stray}; see --help.`);
  const started = performance.now();
  const log = values.json ? () => {} : console.log;
  const onProgress: CeremonyOptions['onProgress'] = ({ stage, id }) =>
    log(`${((performance.now() - started) / 1000).toFixed(1).padStart(7)} s  ${stage.padEnd(10)} ${id}`);
  const result = await act(action as Action, values, { onProgress });
  if (values.json) console.log(JSON.stringify(result.json));
  else console.log(result.text);
  return 0;
}

interface Result {
  readonly text: string;
  readonly json: unknown;
}

async function act(action: Action, values: Values, progress: CeremonyOptions): Promise<Result> {
  const need = (flag: 'ptau' | 'name' | 'hash' | 'out'): string => {
    const value = values[flag];
    if (value === undefined) throw new UserError(`\`ceremony ${action}\` needs --${flag}; see --help.`);
    return value;
  };
  const { folder } = values;
  const compiling = { ...progress, cacheFolder: cacheFolder() };
  switch (action) {
    case 'init': {
      const preset = parsePreset(values.preset ?? 'base').name;
      const transcript = await initCeremony({ preset, ptau: need('ptau'), folder }, compiling);
      return {
        text: `${folder}: a ceremony for ${preset}, ready for the first contribution`,
        json: transcript,
      };
    }
    case 'contribute': {
      const entropy = values.entropy === undefined ? {} : { entropy: values.entropy };
      return describe(await contribute({ folder, name: need('name'), ...entropy }, progress));
    }
    case 'beacon': {
      const exponent = values['iterations-exp'];
      const iterations = exponent === undefined ? {} : { iterationsExp: Number(exponent) };
      return describe(await applyBeacon({ folder, beacon: need('hash'), ...iterations }, progress));
    }
    case 'verify': {
      const unfinished = values.unfinished ?? false;
      const { transcript } = await checkCeremony({ folder, ptau: need('ptau'), unfinished }, compiling);
      const names = transcript.steps.map(({ name }) => `  ${name}`).join('\n');
      return {
        text: `${folder}: holds${unfinished ? ' so far; not for use' : ''}. Steps:\n${names}`,
        json: { ok: true, transcript },
      };
    }
    case 'finalize': {
      const keys = await finalizeCeremony({ folder, ptau: need('ptau'), out: need('out') }, compiling);
      return {
        text: `${keys.folder}: keys for ${keys.preset}; publish the whole folder`,
        json: { folder: keys.folder, preset: keys.preset },
      };
    }
  }
}

/** The hashes that a contributor publishes. */
function describe(step: Awaited<ReturnType<typeof contribute>>): Result {
  const lines = Object.entries(step.circuits).map(([circuit, { hash }]) => `  ${circuit.padEnd(10)} ${hash}`);
  return {
    text: `${step.name}: publish these hashes, so that anyone can find your step in the transcript\n${lines.join('\n')}`,
    json: step,
  };
}
