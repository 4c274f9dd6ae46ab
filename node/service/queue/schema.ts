// The service's tables, beside those of pg-boss: a job's content and outcome, which agents there are, settings.
// pg-boss knows of a job its name and its turn; everything that a user may see or must never see lies here.
import type { Db } from 'pg-boss';
import { NodeError } from '../../errors.ts';

/** All or nothing. Inside, only the session that `work` gets may be used: an embedded database has one. */
export type Transaction = <T>(work: (session: Db) => Promise<T>) => Promise<T>;

/** Raised by one with each change; every step brings the tables from the version before to its own. */
const steps: readonly string[] = [
  `CREATE TABLE murmuration.job (
    id uuid PRIMARY KEY,
    owner text NOT NULL,
    queue text NOT NULL,
    circuit text NOT NULL,
    preset text NOT NULL,
    keys text NOT NULL,
    secret boolean NOT NULL,
    priority integer NOT NULL,
    deadline timestamptz,
    state text NOT NULL,
    stage text NOT NULL DEFAULT '',
    sealed bytea,
    agent text,
    attempts integer NOT NULL DEFAULT 0,
    result jsonb,
    reason jsonb,
    created timestamptz NOT NULL DEFAULT now(),
    started timestamptz,
    finished timestamptz
  );
  CREATE INDEX job_open ON murmuration.job (queue, priority DESC, created) WHERE state IN ('waiting', 'proving');
  CREATE INDEX job_over ON murmuration.job (queue, finished DESC) WHERE finished IS NOT NULL;
  CREATE TABLE murmuration.agent (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    queues text[] NOT NULL,
    parallel integer NOT NULL,
    proofs bigint NOT NULL DEFAULT 0,
    faults bigint NOT NULL DEFAULT 0,
    seen timestamptz NOT NULL DEFAULT now()
  );
  CREATE TABLE murmuration.setting (name text PRIMARY KEY, value text NOT NULL)`,
];

/** One process at a time; any number that no other program is likely to take. */
const migrationLock = 7_305_811_420;

/** @throws NodeError `service` for tables of a newer release. */
export async function migrate(transaction: Transaction): Promise<void> {
  await transaction(async (session) => {
    await session.executeSql('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
    await session.executeSql('CREATE SCHEMA IF NOT EXISTS murmuration');
    await session.executeSql('CREATE TABLE IF NOT EXISTS murmuration.version (version integer NOT NULL)');
    const { rows } = await session.executeSql('SELECT version FROM murmuration.version');
    const version = ((rows as { version: number }[])[0]?.version ?? 0) as number;
    if (version > steps.length)
      throw new NodeError(
        'service',
        `the database has version ${version}, but this release reads ${steps.length}`,
        {
          mend: 'Use the newer release on every machine of the service.',
        },
      );
    for (const step of steps.slice(version)) await session.executeSql(step);
    await session.executeSql('DELETE FROM murmuration.version');
    await session.executeSql('INSERT INTO murmuration.version VALUES ($1)', [steps.length]);
  });
}
