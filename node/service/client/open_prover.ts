// The one client of all roles: a prover that proves in this process, or at a prover service, as a setting says.
import { readFile } from 'node:fs/promises';
import {
  createBackend,
  createProver,
  type KeySet,
  type Prover,
  type ProverBackend,
  parseBackendSetting,
} from '@murmuration/prover';
import { NodeError } from '../../errors.ts';
import type { SendingHearer, ServicePlace } from './connection.ts';
import { remoteProver } from './remote_prover.ts';

/** The variable whose file holds the token for a prover service. */
export const tokenFileVariable = 'MURMURATION_PROVER_TOKEN_FILE';

/** Where proofs are made. */
export interface ProverPlace {
  /**
   * A backend of this process, as `parseBackendSetting` reads it; or `in-house:URL` or `public:URL`. A service
   * in-house, the institution's own, proves everything and sees the witnesses; a public one proves sums alone, whose
   * witness everybody may see, and the rest is proven here.
   */
  readonly setting: string;
  /** Path of the file with the service's token. */
  readonly tokenFile?: string | undefined;
  /** Keeps the backend's tables between processes. */
  readonly cacheFolder: string;
  /** Proofs at the same time in this process, as a backend of wasm takes it; one unless given. */
  readonly parallel?: number | undefined;
  /** Hears of what a service would not have proven in time, so that it is proven here. */
  readonly say?: ((text: string) => void) | undefined;
  /** Hears of every job before it is sent to a service. */
  readonly sending?: SendingHearer | undefined;
}

/** A prover, and how to end it. */
export interface OpenProver {
  readonly prover: Prover;
  stop(): Promise<void>;
}

/**
 * Opens the prover of these keys. Commitments, openings and verification are made here in every case.
 *
 * @throws NodeError `input` for a service without a token, or whose URL would send secrets in the clear; ProverError
 * `argument` for a setting of no known form.
 */
export async function openProver(keys: KeySet, place: ProverPlace): Promise<OpenProver> {
  const { setting, cacheFolder, parallel = 1, say, sending } = place;
  const service = /^(in-house|public):(.+)$/.exec(setting);
  const own = (threads: { readonly threads?: number }) =>
    createBackend(parseBackendSetting(service ? 'wasm' : setting, { cacheFolder, parallel, ...threads }));
  const secrets = service?.[1] === 'in-house';
  // One thread is enough for commitments; a public service leaves updates to be proven here, with all of them.
  const backend = own(secrets ? { threads: 1 } : {});
  const at = service && (await openPlace(service[2]!, place.tokenFile));
  await backend.start();
  const local = createProver(keys, backend);
  if (!at) return { prover: local, stop: () => backend.stop() };
  let strong: Promise<ProverBackend> | undefined;
  const home = async () => {
    if (!secrets) return local;
    strong ??= started(own({}));
    return createProver(keys, await strong);
  };
  return {
    prover: remoteProver({ local, home }, { ...at, secrets, say, sending }),
    async stop() {
      await Promise.all([backend.stop(), strong?.then((each) => each.stop())]);
    },
  };
}

/**
 * A service as a setting names it.
 * @throws NodeError `input` for a URL that would get secrets in the clear, and without a token.
 */
export async function openPlace(url: string, tokenFile: string | undefined): Promise<ServicePlace> {
  return { url: checkUrl(url), token: await readToken(tokenFile) };
}

async function started(backend: ProverBackend): Promise<ProverBackend> {
  await backend.start();
  return backend;
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

function checkUrl(text: string): string {
  if (!URL.canParse(text)) throw new NodeError('input', `the prover service is ${text}, but it is a URL`);
  const { protocol, hostname, origin, username } = new URL(text);
  if (username !== '')
    throw new NodeError('input', 'the URL of the prover service holds a user, but takes a token');
  if (protocol === 'https:' || (protocol === 'http:' && loopback.has(hostname))) return origin;
  throw new NodeError('input', `${origin} would get token and inputs unencrypted`, {
    mend: 'Use https, or a tunnel that ends on this machine.',
  });
}

async function readToken(file: string | undefined): Promise<string> {
  if (file === undefined)
    throw new NodeError('input', 'the prover service needs a token', {
      mend: `Name its file in ${tokenFileVariable}; \`murmur prover token\` makes one.`,
    });
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new NodeError('input', `${file}, the token of the prover service, cannot be read (${cause.code})`, {
      cause,
    });
  });
  return text.trim();
}
