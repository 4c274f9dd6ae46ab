// The prover service: its database, and whether it runs; of a member, the service that its proofs are made by.
import { proverVariable } from '../../roles/assemble.ts';
import { tokenFileVariable } from '../../service/index.ts';
import { openServiceKey } from '../../service/job/service_key.ts';
import { inspectDatabase } from '../../service/queue/inspect.ts';
import { bad, type Check, type Finding, note, ok } from './check.ts';

export const database: Check = {
  name: 'database',
  of: ['service'],
  async look({ settings: { home, serviceKey } }) {
    const url = process.env.DATABASE_URL;
    const key = await openServiceKey(serviceKey, { create: false }).catch(() => undefined);
    const found = await inspectDatabase(
      url ? { kind: 'postgres', url } : { kind: 'embedded', folder: `${home}/service/database` },
      key?.fingerprint,
    );
    if (found.fault) return [bad(found.says, found.fault)];
    return [ok(found.says)];
  },
};

export const service: Check = {
  name: 'service',
  of: ['service'],
  look: ({ settings: { at } }) =>
    ask(at, note(`nothing answers at ${at}: \`murmur prover serve\` is not running there`)),
};

export const prover: Check = {
  name: 'prover',
  of: ['member'],
  async look() {
    const setting = process.env[proverVariable];
    if (!setting) return [ok("proofs are made in the role's own process")];
    const [, url] = /^(?:in-house|public):(.+)$/.exec(setting) ?? [];
    if (!url) return [ok(`proofs are made by ${setting}, in the role's own process`)];
    const token = process.env[tokenFileVariable];
    const tokenFinding = token
      ? []
      : [bad(`${tokenFileVariable} is not set`, 'Name the file of the token of the prover service in it.')];
    const away = bad(
      `nothing answers at ${url}, which makes this role's proofs`,
      `Start the service, or set another ${proverVariable}.`,
    );
    return [...tokenFinding, ...(await ask(url, away))];
  },
};

async function ask(url: string, away: Finding): Promise<Finding[]> {
  const signal = AbortSignal.timeout(5000);
  const response = await fetch(`${url.replace(/\/$/, '')}/readyz`, { signal }).catch(() => undefined);
  if (!response) return [away];
  if (response.ok) return [ok(`the service at ${url} is ready`)];
  return [
    bad(
      `the service at ${url} answers ${response.status}: ${(await response.text()).slice(0, 200)}`,
      'Look at its log; its database or its agents are away.',
    ),
  ];
}
