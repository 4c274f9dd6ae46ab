// Services of the tests: development keys of the smallest preset, a backend of one thread, jobs to send.
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChunkVector } from '@murmuration/core';
import {
  aggregate,
  createBackend,
  createProver,
  ensureDevelopmentKeys,
  type KeySet,
  type Prover,
  type ProverBackend,
  randomBlinding,
  squaredNorm,
  update,
} from '@murmuration/prover';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { addToken, type Scope } from '../../../node/service/api/index.ts';
import { encodeContent, type JobContent, writeContent } from '../../../node/service/job/content.ts';
import { sealContent } from '../../../node/service/job/sealing.ts';
import { createServiceKey, type ServiceKey } from '../../../node/service/job/service_key.ts';
import type { PlainJob, SealedJob } from '../../../node/service/job/submission.ts';
import { type DatabasePlace, openDatabase } from '../../../node/service/queue/index.ts';
import {
  type Service,
  type ServiceEvent,
  type ServiceSettings,
  startService,
} from '../../../node/service/serve.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { type Postgres, postgresPrograms, startPostgres } from './postgres.ts';

export { type Answer, over, request } from './requests.ts';

/** What the tests of one file share. */
export interface Workbench {
  readonly keys: KeySet;
  readonly backend: ProverBackend;
  /** Of this process, for commitments and comparison. */
  readonly prover: Prover;
}

/** Keys and a started backend for the file's tests; filled before the first of them. */
export function useWorkbench(): Workbench {
  const bench = {} as { keys: KeySet; backend: ProverBackend; prover: Prover };
  beforeAll(async () => {
    bench.keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
    bench.backend = createBackend({ name: 'wasm', threads: 1, cacheFolder });
    await bench.backend.start();
    bench.prover = createProver(bench.keys, bench.backend);
  });
  afterAll(() => bench.backend?.stop());
  return bench;
}

/** A claim and its secret, fresh. */
export async function updateOf(prover: Prover, vector: ChunkVector = someVector()) {
  const gamma = BigInt(`0x${randomBytes(16).toString('hex')}`);
  const { h } = await prover.commit('update', vector);
  const { y } = await prover.open('update', vector, gamma);
  return { claim: { h, gamma, y, normBound: squaredNorm(vector.coordinates) + 1n }, secret: vector };
}

/** Likewise of a sum, whose witness is public. */
export async function sumOf(prover: Prover, vector: ChunkVector = someVector()) {
  const gamma = BigInt(`0x${randomBytes(16).toString('hex')}`);
  const { h } = await prover.commit('aggregate', vector);
  const { y } = await prover.open('aggregate', vector, gamma);
  return { claim: { h, gamma, y }, secret: vector };
}

export const someVector = (): ChunkVector => ({
  coordinates: Int32Array.from({ length: 96 }, () => Math.floor(Math.random() * 15) - 7),
  blinding: randomBlinding(),
});

/** An update's content, whose inputs are a secret. */
export async function updateContent(prover: Prover, vector?: ChunkVector) {
  const { claim, secret } = await updateOf(prover, vector);
  const { preset } = prover;
  return { signals: update.signals(preset, claim), inputs: update.secretInputs(preset, claim, secret) };
}

/** Seals an update's content as the named owner's client does. */
export function sealedJob({ keys }: Prover, content: JobContent, owner = 'owner'): SealedJob {
  const served = {
    circuit: 'update',
    preset: keys.preset,
    keys: keys.circuit('update').provingKey.sha256,
  } as const;
  const secret = Buffer.from(owner);
  const sealed = sealContent(
    testKey.sealingKey,
    { owner, served },
    { content: encodeContent(content), secret },
  );
  return { ...served, priority: 0, sealed: Buffer.from(sealed).toString('base64url') };
}

/** A submission of each kind. */
export async function updateJob(prover: Prover, vector?: ChunkVector): Promise<SealedJob> {
  return sealedJob(prover, await updateContent(prover, vector));
}

export async function sumJob(prover: Prover): Promise<PlainJob> {
  const { claim, secret } = await sumOf(prover);
  const { preset } = prover;
  const content = {
    signals: aggregate.signals(preset, claim),
    inputs: aggregate.secretInputs(preset, claim, secret),
  };
  return { circuit: 'aggregate', preset: 'tiny', priority: 0, ...writeContent(content) };
}

/** A service of a test. */
export interface TestService extends Service {
  readonly tokens: string;
  /** Everything that it told. */
  readonly events: ServiceEvent[];
  /** A token with these scopes, and the path of a file that holds it. */
  token(name: string, ...scopes: Scope[]): Promise<{ readonly token: string; readonly file: string }>;
}

export const testKey: ServiceKey = createServiceKey(new Uint8Array(32).fill(7));

type Telling = { [N in keyof ServiceSettings]?: ServiceSettings[N] | undefined };

/** Starts services that end with their test, or with the file: PGlite takes seconds to begin. */
export function useServices(bench: Workbench, end: typeof afterEach | typeof afterAll = afterEach) {
  const running: (() => Promise<void>)[] = [];
  end(async () => {
    for (const stop of running.splice(0).reverse()) await stop();
  });
  const folder = async () => {
    const made = await mkdtemp(join(tmpdir(), 'murmuration-service-'));
    running.push(() => rm(made, { recursive: true, force: true }));
    return made;
  };
  async function start(database: DatabasePlace, settings: Telling = {}): Promise<TestService> {
    const home = await folder();
    const tokens = join(home, 'tokens.json');
    await addToken(tokens, { name: 'nobody', scopes: ['metrics'] });
    const events: ServiceEvent[] = [];
    const service = await startService({
      keySets: [bench.keys],
      backend: bench.backend,
      parallel: 1,
      name: 'here',
      host: '127.0.0.1',
      port: 0,
      version: 'test',
      key: testKey,
      tokens,
      database,
      onEvent: (event) => void events.push(event),
      ...(settings as Partial<ServiceSettings>),
    });
    let stopped: Promise<void> | undefined;
    const stop = (patience: number) => {
      stopped ??= service.stop(patience);
      return stopped;
    };
    running.push(() => stop(0));
    return {
      ...service,
      stop,
      tokens,
      events,
      async token(name, ...scopes) {
        const token = await addToken(tokens, { name, scopes });
        const file = join(home, `${name}.token`);
        await writeFile(file, `${token}\n`);
        return { token, file };
      },
    };
  }
  return { start, folder, defer: (stop: () => Promise<void>) => void running.push(stop) };
}

/** A database of a kind, a fresh one for each test. */
export interface Databases {
  fresh(folder: () => Promise<string>): Promise<DatabasePlace>;
  /** The cluster, where the kind has one. */
  readonly postgres: Postgres | undefined;
}

let count = 0;
let empty: Promise<string> | undefined;

/** An embedded database with nothing in it, to be copied: PGlite takes seconds to make one. */
function emptyDatabase(): Promise<string> {
  empty ??= (async () => {
    const folder = await mkdtemp(join(tmpdir(), 'murmuration-empty-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const database = await openDatabase({ kind: 'embedded', folder }, () => {});
    await database.close();
    return folder;
  })();
  return empty;
}

/** An embedded database of a test's own. */
export async function freshEmbedded(folder: () => Promise<string>): Promise<DatabasePlace> {
  const made = join(await folder(), 'database');
  await cp(await emptyDatabase(), made, { recursive: true });
  return { kind: 'embedded', folder: made };
}

/** Runs tests on an embedded database, and on PostgreSQL where the machine has it. */
export function onEachDatabase(tests: (databases: Databases) => void): void {
  describe('embedded', () => {
    tests({ postgres: undefined, fresh: freshEmbedded });
  });
  onPostgres(tests);
}

/** Runs tests on PostgreSQL, where the machine has it. */
export function onPostgres(tests: (databases: Databases) => void): void {
  describe.skipIf(postgresPrograms === undefined)('PostgreSQL (Debian: postgresql)', () => {
    const databases = { postgres: undefined as Postgres | undefined };
    beforeAll(async () => {
      databases.postgres = await startPostgres();
    });
    afterAll(() => databases.postgres?.stop());
    tests({
      get postgres() {
        return databases.postgres;
      },
      fresh: async () => ({
        kind: 'postgres',
        url: await databases.postgres!.database(`test_${process.pid}_${count++}`),
      }),
    });
  });
}
