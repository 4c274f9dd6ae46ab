// The work of `murmur prover seal`.
import { z } from 'zod';
import { NodeError } from '../../../errors.ts';
import { ask, createSealer, openPlace } from '../../../service/client/index.ts';
import type { CircuitName } from '../../../service/job/circuits.ts';
import { encodeContent, readContent } from '../../../service/job/content.ts';
import { plainJobSchema, type SealedJob } from '../../../service/job/submission.ts';
import type { Settings } from '../../command/flag.ts';
import { readJson } from '../../files/read.ts';
import type { sealFlags } from './flags.ts';

const circuitsSchema = z.object({
  circuits: z.array(z.object({ circuit: z.string(), preset: z.string(), keys: z.string() })),
});

/** Prints a job whose content the service's agents alone can read. */
export async function seal({ file, service, tokenFile }: Settings<typeof sealFlags>): Promise<void> {
  const parsed = plainJobSchema.safeParse(await readJson(file));
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues as [z.core.$ZodIssue];
    throw new NodeError('input', `${file} is no job: ${[...path, message].join(': ')}`);
  }
  const { signals, inputs, point, ...rest } = parsed.data;
  const { circuit, preset } = rest;
  const place = await openPlace(service, tokenFile);
  const { circuits } = await ask(place, { method: 'GET', path: '/circuits', schema: circuitsSchema });
  const keys = rest.keys ?? circuits.find((each) => each.circuit === circuit && each.preset === preset)?.keys;
  if (keys === undefined)
    throw new NodeError('input', `the service at ${place.url} does not prove ${circuit}/${preset}`);
  const content = encodeContent(readContent({ signals, inputs, point }));
  const sealed = await createSealer(place)({ circuit: circuit as CircuitName, preset, keys }, content);
  console.log(JSON.stringify({ ...rest, keys, sealed } satisfies SealedJob));
}
