// Seals contents for a service, so that nothing between this process and the agent that proves can read them: neither the
// service's server nor whatever stands before it.
import type { ServedCircuit } from '../job/circuits.ts';
import { sealContent } from '../job/sealing.ts';
import { sealingSchema } from '../job/submission.ts';
import { ask, type ServicePlace } from './connection.ts';

/** Seals a content, which is overwritten, for a circuit; gives it as base64url. */
export type Sealer = (served: ServedCircuit, content: Uint8Array, signal?: AbortSignal) => Promise<string>;

/** @throws what `ask` throws, when the first content is sealed. */
export function createSealer(service: ServicePlace): Sealer {
  const secret = new TextEncoder().encode(service.token);
  return async (served, content, signal) => {
    try {
      // Asked anew each time: after the service's key was renewed, what is sealed for the old one opens nowhere.
      const { owner, key } = await ask(service, {
        method: 'GET',
        path: '/sealing',
        schema: sealingSchema,
        signal,
      });
      const sealed = sealContent(Buffer.from(key, 'hex'), { owner, served }, { content, secret });
      return Buffer.from(sealed).toString('base64url');
    } finally {
      content.fill(0);
    }
  };
}
