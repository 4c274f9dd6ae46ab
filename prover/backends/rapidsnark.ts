// Backend `rapidsnark`: iden3's native prover (https://github.com/iden3/rapidsnark), a program on this
// machine that a setting names, called as `prover KEY.zkey WITNESS.wtns PROOF.json PUBLIC.json`. It reads the
// key anew for each proof.
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { reasonOf } from '@murmuration/core';
import { z } from 'zod';
import { ProverError } from '../errors.ts';
import { sha256File } from '../keys/manifest.ts';
import { createWitnessThreads, type WitnessThreads } from '../witness/index.ts';
import type { ProofRequest, ProverBackend, ProvingKey } from './backend.ts';
import { alteredKey, finishProof, notRunning, verifyingKeyCache } from './result.ts';

/** What the backend needs to know. */
export interface RapidsnarkOptions {
  /** Path of the program. */
  readonly binary: string;
}

/** The program gets ten minutes; a proof of the largest preset takes seconds. */
const timeoutMs = 600_000;
const maxOutputBytes = 1 << 20;

const numbers = z.array(z.string()).min(2).max(3);
const proofSchema = z.object({ pi_a: numbers, pi_b: z.array(numbers).min(2).max(3), pi_c: numbers });
const publicSchema = z.array(z.string()).max(64);

/** Makes the backend; `start` it before use. */
export function createRapidsnarkBackend({ binary }: RapidsnarkOptions): ProverBackend {
  let running: { readonly stopping: AbortController; readonly witnesses: WitnessThreads } | undefined;
  const underWay = new Set<Promise<unknown>>();
  const verifyingKeyOf = verifyingKeyCache();
  const checked = new Set<string>();

  const checkKey = async (key: ProvingKey) => {
    const name = `${key.sha256} ${key.zkeyPath}`;
    if (checked.has(name)) return;
    const actual = await sha256File(key.zkeyPath);
    if (actual !== key.sha256) {
      throw alteredKey(key, actual);
    }
    checked.add(name);
  };

  const proveOne = async (request: ProofRequest, signal: AbortSignal) => {
    const { key, witness, onProgress } = request;
    onProgress?.('loading-key');
    await checkKey(key);
    const verifyingKey = await verifyingKeyOf(key);
    const folder = await mkdtemp(join(tmpdir(), 'murmuration-proof-'));
    try {
      const [wtns, proofPath, publicPath] = ['witness.wtns', 'proof.json', 'public.json'].map((name) =>
        join(folder, name),
      ) as [string, string, string];
      await writeFile(wtns, witness, { mode: 0o600 });
      onProgress?.('proving');
      const started = performance.now();
      await runProgram(binary, [key.zkeyPath, wtns, proofPath, publicPath], signal);
      const proveMs = performance.now() - started;
      const proof = await readJson(proofPath, proofSchema);
      const publicSignals = await readJson(publicPath, publicSchema);
      const output = { a: proof.pi_a, b: proof.pi_b, c: proof.pi_c, publicSignals };
      const result = finishProof({ request, verifyingKey }, output, { proveMs, engine: 'rapidsnark' });
      onProgress?.('done');
      return result;
    } finally {
      // The witness is the trainer's secret.
      await rm(folder, { recursive: true, force: true });
    }
  };

  return {
    name: 'rapidsnark',
    async start() {
      await access(binary, constants.X_OK).catch(() => {
        throw new ProverError(
          'backend',
          `rapidsnark's program ${JSON.stringify(binary)} is missing or cannot be run`,
          {
            mend:
              'Install it from https://github.com/iden3/rapidsnark and name it in the setting, ' +
              'or set the backend to snarkjs.',
          },
        );
      });
      running ??= {
        stopping: new AbortController(),
        witnesses: createWitnessThreads(availableParallelism()),
      };
    },
    async stop() {
      const reason = new ProverError(
        'stopped',
        'the rapidsnark backend was stopped before the proof was made',
      );
      const old = running;
      running = undefined;
      old?.stopping.abort(reason);
      await old?.witnesses.stop(reason);
      await Promise.allSettled(underWay);
    },
    async calculate(job, options) {
      if (!running) throw notRunning('rapidsnark');
      return running.witnesses.calculate(job, options);
    },
    async prove(request) {
      if (!running) throw notRunning('rapidsnark');
      const { stopping } = running;
      const signal = request.signal ? AbortSignal.any([request.signal, stopping.signal]) : stopping.signal;
      signal.throwIfAborted();
      request.onProgress?.('queued');
      const proof = proveOne(request, signal).catch((error) => {
        signal.throwIfAborted();
        throw error;
      });
      underWay.add(proof);
      return proof.finally(() => underWay.delete(proof));
    },
  };
}

async function runProgram(binary: string, args: string[], signal: AbortSignal): Promise<void> {
  const threads = String(availableParallelism());
  const env = { PATH: process.env.PATH ?? '', OMP_NUM_THREADS: threads };
  await new Promise<void>((resolve, reject) => {
    execFile(
      binary,
      args,
      { signal, timeout: timeoutMs, maxBuffer: maxOutputBytes, env },
      (error, _, stderr) => {
        if (!error) resolve();
        else {
          const reason = stderr.trim().slice(0, 500) || error.message;
          reject(new ProverError('backend', `rapidsnark failed: ${reason}`, { cause: error }));
        }
      },
    );
  });
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const info = await stat(path).catch(() => undefined);
  const refuse = (reason: string) =>
    new ProverError('backend', `rapidsnark wrote no usable ${path} (${reason})`, {
      mend: 'Check its version.',
    });
  if (!info) throw refuse('no file');
  if (info.size > maxOutputBytes) throw refuse(`${info.size} bytes`);
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw refuse(reasonOf(error).slice(0, 200));
  }
}
