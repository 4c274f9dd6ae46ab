// What a trainer remembers of its decryptions: no ciphertext may be opened to more than a few sets, also over restarts.
import { z } from 'zod';
import { DecryptionLog } from '../../he/index.ts';
import type { Memory } from './context.ts';

const entries = z.array(z.tuple([z.string(), z.array(z.string())]));
const name = 'decryptions';

export async function loadLog(memory: Memory): Promise<DecryptionLog> {
  const bytes = await memory.read(name);
  return new DecryptionLog(bytes ? entries.parse(JSON.parse(new TextDecoder().decode(bytes))) : []);
}

/** Write it before a share is published. */
export const saveLog = (memory: Memory, log: DecryptionLog): Promise<void> =>
  memory.write(name, new TextEncoder().encode(JSON.stringify(log.entries())));
