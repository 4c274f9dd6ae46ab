// The database of the queue: PGlite in this process, or PostgreSQL by its URL, behind the same calls. pg-boss and
// PGlite are loaded here and nowhere else, when a service or an agent starts.
import type { Db, PgBoss } from 'pg-boss';
import { NodeError } from '../../errors.ts';
import { lockFolder, makeFolder } from '../../state/index.ts';
import { migrate, type Transaction } from './schema.ts';

/** Where the queue lies. */
export type DatabasePlace =
  /** `postgres://...`; its password is never told. */
  | { readonly kind: 'postgres'; readonly url: string }
  /** A folder of this process alone. */
  | { readonly kind: 'embedded'; readonly folder: string };

/** An open database. */
export interface Database {
  readonly kind: DatabasePlace['kind'];
  /** Hands out jobs to agents, tries again, notices agents that are gone. */
  readonly boss: PgBoss;
  /** The rows that a statement gives. `Row` is what the statement selects. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  readonly transaction: Transaction;
  close(): Promise<void>;
}

/** Schema of pg-boss's own tables. */
export const bossSchema = 'murmuration_queue';
/** Seconds between two looks for jobs whose agent is silent or slow. */
const superviseSeconds = 2;

/**
 * Opens the database, and makes or brings up to date what is in it.
 *
 * @param fault hears of faults that belong to no call, such as a connection that was lost.
 * @throws NodeError `service` where it does not answer, `state` where another process has the folder.
 */
export async function openDatabase(place: DatabasePlace, fault: (error: Error) => void): Promise<Database> {
  return place.kind === 'postgres' ? openPostgres(place.url, fault) : openEmbedded(place.folder, fault);
}

const bossOptions = {
  schema: bossSchema,
  schedule: false,
  superviseIntervalSeconds: superviseSeconds,
  monitorIntervalSeconds: superviseSeconds,
} as const;

async function openPostgres(url: string, fault: (error: Error) => void): Promise<Database> {
  const { PgBoss } = await import('pg-boss');
  const boss = new PgBoss({ ...bossOptions, connectionString: url, application_name: 'murmuration', max: 8 });
  boss.on('error', fault);
  try {
    await boss.start();
  } catch (cause) {
    await boss.stop({ graceful: false }).catch(() => undefined);
    throw new NodeError(
      'service',
      `the database of DATABASE_URL does not answer (${reasonWithout(url, cause)})`,
      {
        mend: 'Check that PostgreSQL runs there, and that the user may create schemas.',
      },
    );
  }
  const db = boss.getDb();
  return finish('postgres', boss, {
    db,
    async transaction(work) {
      const open = await db.beginTransaction!();
      try {
        const result = await work(open.db);
        await open.commit();
        return result;
      } catch (error) {
        await open.rollback();
        throw error;
      }
    },
    close: async () => {},
  });
}

async function openEmbedded(folder: string, fault: (error: Error) => void): Promise<Database> {
  await makeFolder(folder, 0o700);
  const unlock = lockFolder(folder);
  try {
    const [{ PGlite }, { fromPglite, PgBoss }] = await Promise.all([
      import('@electric-sql/pglite'),
      import('pg-boss'),
    ]);
    const pglite = await PGlite.create({ dataDir: `${folder}/data` });
    const boss = new PgBoss({ ...bossOptions, db: fromPglite(pglite), backend: 'pglite' });
    boss.on('error', fault);
    await boss.start();
    return await finish('embedded', boss, {
      db: boss.getDb(),
      transaction: (work) => pglite.transaction((session) => work(fromPglite(session))),
      async close() {
        await pglite.close();
        unlock();
      },
    });
  } catch (error) {
    unlock();
    throw error;
  }
}

/** What differs between the two. */
interface Engine extends Pick<Database, 'transaction' | 'close'> {
  readonly db: Db;
}

async function finish(kind: Database['kind'], boss: PgBoss, engine: Engine): Promise<Database> {
  await migrate(engine.transaction);
  return {
    kind,
    boss,
    query: async <Row>(text: string, values?: readonly unknown[]) =>
      (await engine.db.executeSql(text, values && [...values])).rows as Row[],
    transaction: engine.transaction,
    async close() {
      await boss.stop({ graceful: false });
      await engine.close();
    },
  };
}

/** A fault's reason, without the password that the URL may hold. */
export function reasonWithout(url: string, cause: unknown): string {
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  const password = URL.canParse(url) ? decodeURIComponent(new URL(url).password) : '';
  return password === '' ? reason : reason.replaceAll(password, '***');
}
