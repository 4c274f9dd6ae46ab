// Looks at a queue's database without making, changing or taking anything.
import { readFile, stat } from 'node:fs/promises';
import { reasonOf } from '@murmuration/core';
import type { DatabasePlace } from './database.ts';
import { bossSchema, reasonWithout } from './database.ts';

/** What was found, and its mend where it is a fault. */
export interface DatabaseInspection {
  readonly says: string;
  readonly fault?: string;
}

/**
 * Whether a database can be used by the service of a key.
 * @param fingerprint of the service's key, if there is one yet.
 */
export async function inspectDatabase(
  place: DatabasePlace,
  fingerprint: string | undefined,
): Promise<DatabaseInspection> {
  if (place.kind === 'embedded') return inspectFolder(place.folder);
  const { PgBoss } = await import('pg-boss');
  const boss = new PgBoss({
    schema: bossSchema,
    connectionString: place.url,
    application_name: 'murmuration doctor',
    max: 1,
    migrate: false,
    supervise: false,
    schedule: false,
  });
  boss.on('error', () => undefined);
  try {
    await boss.start();
    const { rows } = await boss
      .getDb()
      .executeSql("SELECT value FROM murmuration.setting WHERE name = 'key'");
    const owner = (rows as { value: string }[])[0]?.value;
    if (owner !== undefined && fingerprint !== undefined && owner !== fingerprint)
      return {
        says: 'the database of DATABASE_URL belongs to the service of another key',
        fault: 'Give --service-key with the key that the first server on this database made.',
      };
    return { says: 'the database of DATABASE_URL answers and has the queue' };
  } catch (error) {
    if (
      /not installed|does not exist/.test(reasonOf(error)) &&
      !/database ".*" does not exist/.test(reasonOf(error))
    )
      return { says: 'the database of DATABASE_URL answers; the first server makes the queue in it' };
    return {
      says: `the database of DATABASE_URL does not answer (${reasonWithout(place.url, error)})`,
      fault: 'Check that PostgreSQL runs there, and that user, password and database are right.',
    };
  } finally {
    await boss.stop({ graceful: false }).catch(() => undefined);
  }
}

async function inspectFolder(folder: string): Promise<DatabaseInspection> {
  if (!(await stat(folder).catch(() => undefined)))
    return { says: `${folder} is made by the first \`murmur prover serve\`` };
  const lock = await readFile(`${folder}/lock`, 'utf8').catch(() => undefined);
  const { pid } = lock ? (JSON.parse(lock) as { pid?: number }) : {};
  return { says: `${folder} holds the queue${pid === undefined ? '' : `, and process ${pid} has it open`}` };
}
