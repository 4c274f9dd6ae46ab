// Thread of the snarkjs backend: keeps proving keys in memory, hashed once when they are read, and proves one
// witness at a time.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { reasonOf } from '@murmuration/core';
import { replaceWebWorker } from '../web_worker_hook.ts';
import type { ProvingKey } from './backend.ts';

export interface ProveJob {
  readonly key: ProvingKey;
  readonly witness: Uint8Array;
}

/** What the thread says: that it is up, how far it is, and how a job ended. Numbers are decimal strings. */
export type ThreadMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'stage'; readonly stage: 'loading-key' | 'proving' }
  | {
      readonly type: 'proof';
      readonly a: readonly string[];
      readonly b: readonly (readonly string[])[];
      readonly c: readonly string[];
      readonly publicSignals: readonly string[];
      readonly proveMs: number;
    }
  | { readonly type: 'altered-key'; readonly key: ProvingKey; readonly sha256: string }
  | { readonly type: 'error'; readonly message: string };

replaceWebWorker();
const { groth16 } = await import('snarkjs');
const port = parentPort!;
const say = (message: ThreadMessage) => port.postMessage(message);
const keys = new Map<string, Uint8Array>();

/** The key's bytes, or nothing where they are not those that its manifest lists. */
async function load(key: ProvingKey): Promise<Uint8Array | undefined> {
  const known = keys.get(key.sha256);
  if (known) return known;
  say({ type: 'stage', stage: 'loading-key' });
  const bytes = await readFile(key.zkeyPath);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 === key.sha256) {
    keys.set(sha256, bytes);
    return bytes;
  }
  say({ type: 'altered-key', key, sha256 });
  return undefined;
}

port.on('message', async ({ key, witness }: ProveJob) => {
  try {
    const zkey = await load(key);
    if (!zkey) return;
    say({ type: 'stage', stage: 'proving' });
    const started = performance.now();
    const { proof, publicSignals } = await groth16.prove(zkey, witness);
    const proveMs = performance.now() - started;
    say({ type: 'proof', a: proof.pi_a, b: proof.pi_b, c: proof.pi_c, publicSignals, proveMs });
  } catch (error) {
    say({ type: 'error', message: reasonOf(error) });
  }
});
say({ type: 'ready' });
