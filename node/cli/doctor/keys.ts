// The keys of the proof system: every file is what its manifest says, and the chain's verifiers hold the same keys.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeySet } from '@murmuration/prover';
import { readTask } from '../../chain/index.ts';
import { openServiceKey } from '../../service/job/service_key.ts';
import { checkKeys, openListedKeys } from '../open/keys.ts';
import { presetOf } from '../open/trust.ts';
import { bad, badFor, type Check, type Finding, note, ok, type Practice } from './check.ts';

export const keys: Check = {
  name: 'keys',
  of: ['member', 'service'],
  async look(practice) {
    const { settings } = practice;
    // Each file is hashed as it is opened; of keys that are given, one that is altered is a fault.
    const sets = settings.keys ? await openListedKeys(settings.keys) : await developmentKeys(practice);
    if (sets.length === 0)
      return [
        note('no keys are given, and none were made yet: development keys are made when they are needed'),
      ];
    const found: Finding[] = sets.map(({ preset, kind, folder }) => {
      const says = `${preset}: every file of ${folder} has its manifest's digest; ${kind}`;
      return kind === 'ceremony' ? ok(says) : note(`${says}, anyone can forge with them`);
    });
    return settings.service ? found : [...found, ...(await onChain(practice, sets))];
  },
};

/** Whether the verifiers hold the keys of each preset: of development keys, which older versions leave, any. */
async function onChain(practice: Practice, sets: readonly KeySet[]): Promise<Finding[]> {
  const [client, deployment] = [await practice.client(), await practice.deployment()];
  const presets = [...new Set(sets.map(({ preset }) => preset))];
  return Promise.all(
    presets.map(async (preset) => {
      const checked = await Promise.allSettled(
        sets.filter((set) => set.preset === preset).map((set) => checkKeys(client, deployment, set)),
      );
      const failed = checked.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined;
      if (checked.some(({ status }) => status === 'fulfilled'))
        return ok(`${preset}: the verifiers on chain hold these keys and their tau`);
      return badFor(failed!.reason);
    }),
  );
}

/** What development keys there are of the presets that matter. Nothing is made for a look. */
async function developmentKeys(practice: Practice): Promise<readonly KeySet[]> {
  const { cache } = practice.settings;
  const wanted = await presetsOf(practice);
  const folders = await readdir(join(cache, 'keys')).catch(() => []);
  const made = folders.filter((name) => wanted.some((preset) => name.startsWith(`${preset}-development-`)));
  const opened = await Promise.allSettled(made.map((name) => openListedKeys([join(cache, 'keys', name)])));
  // One that does not open is of another version, or half made: the next start makes it again.
  return opened.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
}

/** A service's own; of a member, its task's, or all of the deployment. */
async function presetsOf({ settings, client, deployment }: Practice): Promise<readonly string[]> {
  const { task, service, presets } = settings;
  if (service) return presets;
  const at = await deployment();
  if (task === undefined) return Object.keys(at.verifiers);
  return [presetOf(await readTask(await client(), at, task))];
}

/** The service's own key, without which no job opens. */
export const serviceKey: Check = {
  name: 'service key',
  of: ['service'],
  async look({ settings: { serviceKey: file } }) {
    if (!(await stat(file).catch(() => undefined)))
      return [
        note(`${file} is not there: the first \`murmur prover serve\` makes it; an agent needs that one`),
      ];
    const { fingerprint } = await openServiceKey(file, { create: false });
    return [ok(`${file} is readable for its owner alone, fingerprint ${fingerprint.slice(0, 16)}`)];
  },
};

/** The tokens by which a service knows who asks. */
export const tokens: Check = {
  name: 'tokens',
  of: ['service'],
  async look({ settings: { tokens: file } }) {
    const info = await stat(file).catch(() => undefined);
    if (!info)
      return [note(`${file} is not there: the first \`murmur prover serve\` makes it, with a token`)];
    return (info.mode & 0o077) === 0
      ? [ok(`${file} is readable for its owner alone`)]
      : [bad(`${file} can be read by others than its owner`, `chmod 600 ${file}`)];
  },
};
