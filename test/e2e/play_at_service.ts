// A federation whose every proof a service makes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Report, reportSchema } from '../../node/report/index.ts';
import type { Job } from '../../node/service/job/job.ts';
import { request } from '../node/service/requests.ts';
import { type Command, createCommands } from './processes.ts';

/** Where a server that has been started answers. */
export async function urlOf(server: Command): Promise<{ readonly url: string }> {
  await server.prints(/serves at/);
  return { url: /serves at (http:\/\/[^;]+);/.exec(server.output())![1]! };
}

/** Where proofs are made, and how much is played. */
export interface PlayAtService {
  readonly url: string;
  /** A token that may send secrets. */
  readonly token: string;
  /** For what the federation keeps; it is made. */
  readonly folder: string;
  readonly rounds: number;
  /** Whose `murmur` plays, as of `createCommands`. */
  readonly from?: string;
}

/** Plays a small federation to its end; resolves to its report, and to the jobs that the service has. */
export async function playAtService(
  play: PlayAtService,
): Promise<{ readonly report: Report; readonly jobs: readonly Job[] }> {
  const { url, token, folder, rounds, from } = play;
  mkdirSync(folder, { recursive: true });
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, token);
  const service = { MURMURATION_PROVER: `in-house:${url}`, MURMURATION_PROVER_TOKEN_FILE: tokenFile };
  const { json, stop } = createCommands(service, [], from);
  const size = ['--preset', 'tiny', '--trainers', '3', '--validators', '2', '--rounds', `${rounds}`];
  try {
    const report = reportSchema.parse(await json('start', ...size, '--out', join(folder, 'run')));
    return { report, jobs: (await request({ url }, token, 'GET', '/jobs?limit=1000')).body.jobs };
  } finally {
    await stop();
  }
}
