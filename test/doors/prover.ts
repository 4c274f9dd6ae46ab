// A farm as the prover service's page has it: a server, two agents, one PostgreSQL; a federation sends it every proof.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { playAtService, urlOf } from '../e2e/play_at_service.ts';
import { postgresPrograms, startPostgres } from '../node/service/postgres.ts';
import type { Place } from './place.ts';

const agents = ['one', 'two'];

/** @throws Error where a proof is missing, or an agent has made none. */
export async function playFarm(place: Place): Promise<string> {
  if (postgresPrograms === undefined) throw new Error('PostgreSQL is not installed (Debian: postgresql)');
  const postgres = await startPostgres();
  place.defer(() => postgres.stop());
  const { murmur } = place.commands({ DATABASE_URL: await postgres.database('doors') });
  const server = await urlOf(murmur('prover', 'serve', '--api-only', '--presets', 'tiny', '--port', '0'));
  const service = join(place.home, '.murmuration', 'service');
  const flags = ['--presets', 'tiny', '--service-key', join(service, 'key')];
  for (const name of agents) {
    const agent = murmur('prover', 'agent', ...flags, '--name', name);
    await agent.prints(/agent \S+ proves/);
  }

  const { report, jobs } = await playAtService({
    ...server,
    token: readFileSync(join(service, 'token'), 'utf8').trim(),
    folder: join(place.folder, 'farm'),
    rounds: 2,
    from: place.from,
  });
  const made = agents.map((name) => jobs.filter(({ agent }) => agent === name).length);
  const { proofs, accepted } = report.totals;
  const told = `${accepted} of ${report.rounds.length} rounds accepted, ${proofs} proofs: ${agents
    .map((name, at) => `agent ${name} made ${made[at]}`)
    .join(', ')}`;
  if (jobs.some(({ state }) => state !== 'done')) throw new Error(`not every job is done (${told})`);
  if (accepted === 0) throw new Error(`no round was accepted (${told})`);
  if (made.includes(0)) throw new Error(`an agent has made no proof (${told})`);
  if (made.reduce((sum, each) => sum + each, 0) !== proofs)
    throw new Error(`the agents' proofs are not those of the federation (${told})`);
  return told;
}
