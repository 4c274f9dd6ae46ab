// Jobs for a prover service, written into the site's log before they leave the process.
import { reasonOf } from '@murmuration/core';
import { digestOf } from '../protocol/index.ts';
import type { SendingHearer } from '../service/index.ts';
import type { SiteLog } from './site_log.ts';

/** What a log has of a job. */
export const jobOf = (circuit: string): string => `job of ${circuit}, sealed`;

/** Records jobs. */
export const recordedJobs =
  (log: SiteLog): SendingHearer =>
  async ({ circuit, to, body }) => {
    const { became } = await log.leaving({
      place: 'prover',
      what: jobOf(circuit),
      to,
      bytes: body.length,
      digest: digestOf(body),
    });
    return (error) => (error === undefined ? became('left') : became('unsure', { why: reasonOf(error) }));
  };
