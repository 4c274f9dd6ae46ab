// Thread of the snarkjs backend: keeps proving keys in memory, hashed once when they are read, and proves one
// witness at a time.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { replaceWebWorker } from '../kzg/web_worker_hook.ts';
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
  | { readonly type: 'error'; readonly message: string };

replaceWebWorker();
const { groth16 } = await import('snarkjs');
const port = parentPort!;
const say = (message: ThreadMessage) => port.postMessage(message);
const keys = new Map<string, Uint8Array>();

async function load({ id, zkeyPath, sha256 }: ProvingKey): Promise<Uint8Array> {
  const known = keys.get(sha256);
  if (known) return known;
  say({ type: 'stage', stage: 'loading-key' });
  const bytes = await readFile(zkeyPath);
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== sha256) {
    throw new Error(
      `${id}: ${zkeyPath} has SHA-256 ${actual}, not ${sha256}: it was altered; make the keys again`,
    );
  }
  keys.set(sha256, bytes);
  return bytes;
}

port.on('message', async ({ key, witness }: ProveJob) => {
  try {
    const zkey = await load(key);
    say({ type: 'stage', stage: 'proving' });
    const started = performance.now();
    const { proof, publicSignals } = await groth16.prove(zkey, witness);
    const proveMs = performance.now() - started;
    say({ type: 'proof', a: proof.pi_a, b: proof.pi_b, c: proof.pi_c, publicSignals, proveMs });
  } catch (error) {
    say({ type: 'error', message: error instanceof Error ? error.message : String(error) });
  }
});
say({ type: 'ready' });
