// `npm run murmur -- keys dev|verify|info`: insecure development keys, and what a folder of keys is worth.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDevelopmentKeys, type KeySet, loadKeys, manifestName, parsePreset } from '@murmuration/prover';
import {
  findAlteredDevelopmentKeys,
  findForeignCircuits,
  readManifest,
  verifySrs,
} from '@murmuration/prover/ceremony';
import { cacheFolder } from '../cache_folder.ts';
import { UserError } from '../errors.ts';
import type { Verb } from '../verb.ts';

const help = `npm run murmur -- keys dev [--preset NAME]... [--seed TEXT]
npm run murmur -- keys verify FOLDER
npm run murmur -- keys info FOLDER

dev      make the keys of a preset from a public text, or find them made. INSECURE: anyone can forge with them.
         No deployment outside a local development chain accepts them; for others, hold a ceremony.
verify   check every file against the manifest, the circuits against this checkout's, each key for what would
         make it unsound, and the powers;  development keys are also made again and compared (a minute for \`base\`)
info     print what the manifest says, without checking files

  --preset NAME   tiny, quick, base or wide; can be given several times (quick)
  --seed TEXT     public text that the secret is hashed from (the same in every clone)
  --json          print the result as JSON

Examples
  npm run murmur -- keys dev --preset tiny --preset quick
  npm run murmur -- keys verify build/keys/quick-development-0123456789abcdef`;

export const verb: Verb = { summary: 'development keys of the proof system; checks any keys', help, run };

type Log = (line: string) => void;

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      preset: { type: 'string', multiple: true },
      seed: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [action, folder, ...extra] = positionals;
  if (extra.length > 0) throw new UserError(`unexpected argument ${JSON.stringify(extra[0])}; see --help.`);
  const log: Log = values.json ? () => {} : console.log;
  const print = (result: unknown) => values.json && console.log(JSON.stringify(result));
  if (action === 'dev') {
    if (folder !== undefined)
      throw new UserError('`keys dev` takes no folder; keys go to build/keys. See --help.');
    print(await makeDevelopmentKeys(values.preset ?? ['quick'], values.seed, log));
    return 0;
  }
  if (action !== 'verify' && action !== 'info') {
    throw new UserError(
      `unknown action ${JSON.stringify(action ?? '')}; there are dev, verify and info. See --help.`,
    );
  }
  if (folder === undefined)
    throw new UserError(`\`keys ${action}\` needs the folder of the keys; see --help.`);
  if (values.preset || values.seed)
    throw new UserError(`\`keys ${action}\` takes neither --preset nor --seed.`);
  print(action === 'verify' ? await verify(folder, log) : await info(folder, log));
  return 0;
}

async function makeDevelopmentKeys(names: readonly string[], seed: string | undefined, log: Log) {
  const made = [];
  for (const preset of names.map(parsePreset)) {
    const started = performance.now();
    const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
    const keys = await ensureDevelopmentKeys(preset.name, {
      cacheFolder: cacheFolder(),
      ...(seed === undefined ? {} : { seed }),
      onProgress: ({ stage, id }) => log(`${seconds().padStart(6)} s  ${stage.padEnd(9)} ${id}`),
    });
    log(`${keys.folder}\nINSECURE development keys for ${preset.name}: anyone can forge with them.`);
    made.push({ preset: preset.name, kind: keys.kind, folder: keys.folder, seconds: Number(seconds()) });
  }
  return made;
}

async function verify(folder: string, log: Log) {
  log('files, keys, points ...');
  const keys = await loadKeys(join(folder, manifestName));
  await verifyOrigin(keys, log);
  if (keys.kind === 'insecure-development') await verifyDevelopment(keys, log);
  log(`${folder}: ${keys.kind} keys for ${keys.preset}, whole and sound as far as files can tell`);
  if (keys.kind === 'ceremony') log('who contributed: `npm run murmur -- ceremony verify`');
  return { folder, kind: keys.kind, preset: keys.preset, ok: true };
}

/**
 * That keys are for this checkout's circuits, and their powers of one secret. Loading them does not show it: a deployment to a chain
 * where money is real does this first.
 */
export async function verifyOrigin(keys: KeySet, log: Log): Promise<void> {
  log('circuits of this checkout ...');
  const foreign = await findForeignCircuits(keys, { cacheFolder: cacheFolder() });
  if (foreign.length > 0) {
    throw new UserError(
      `${foreign.join(', ')}: the keys are for another version of the circuit; make or get new keys.`,
    );
  }
  log('powers of one secret ...');
  if (!(await verifySrs(keys.srs))) {
    throw new UserError(
      `${keys.folder}: powers.srs is not powers of one secret; make or get the keys again.`,
    );
  }
}

async function verifyDevelopment(keys: KeySet, log: Log): Promise<void> {
  log('making the development keys again ...');
  const altered = await findAlteredDevelopmentKeys(keys);
  if (altered.length > 0) {
    throw new UserError(
      `${altered.join(', ')}: not what circuit and seed give; delete ${keys.folder} and make them again.`,
    );
  }
}

async function info(folder: string, log: Log) {
  const manifest = await readManifest(join(folder, manifestName));
  log(
    `${manifest.kind} keys for ${manifest.preset}${manifest.kind === 'ceremony' ? '' : `, from the text ${JSON.stringify(manifest.seed)}`}`,
  );
  const rows = Object.entries(manifest.circuits).flatMap(([circuit, files]) =>
    [files.zkey, files.r1cs, files.wasm].map((file) => ({ circuit, ...file })),
  );
  for (const { file, bytes, sha256 } of [...rows, manifest.srs]) {
    log(`  ${file.padEnd(20)} ${String(bytes).padStart(12)} B  ${sha256}`);
  }
  return manifest;
}
