// The numerical engine of TensorFlow.js: `wasm` is the default, `cpu` plain JavaScript (the reference that
// the tests compare with), `node` the native engine of `@tensorflow/tfjs-node` where that is installed. The
// choice is the caller's and is never changed silently: a setting that cannot be met is an error.
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { NodeError } from '../errors.ts';
import { registerTrainingKernels } from './kernels/index.ts';

/** The engines, by their names here. */
export const backends = ['wasm', 'cpu', 'node'] as const;
/** One of {@link backends}. */
export type BackendName = (typeof backends)[number];

/**
 * Makes `name` the engine of this thread and waits until it computes. Call it before the first `Network`;
 * calling it again with the same name is free.
 * @returns one line for the log: engine and version.
 * @throws NodeError `learning` where the engine is not installed or does not start.
 */
export function startBackend(name: BackendName = 'wasm'): Promise<string> {
  const begun = starting.catch(() => undefined).then(() => start(name));
  starting = begun;
  return begun;
}

/**
 * One start at a time: roles of one process may call at once, and the WASM backend takes its settings only
 * before it starts.
 */
let starting: Promise<unknown> = Promise.resolve();

async function start(name: BackendName): Promise<string> {
  const registered = name === 'node' ? 'tensorflow' : name;
  if (tf.getBackend() !== registered || !ready) {
    if (name === 'wasm') await loadWasm();
    else if (name === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
    else await loadNative();
    if (!(await tf.setBackend(registered)))
      throw new NodeError('learning', `the TensorFlow.js backend ${name} did not start`);
    await tf.ready();
    ready = true;
  }
  return `TensorFlow.js ${tf.version_core}, backend ${name}`;
}

let ready = false;

async function loadWasm(): Promise<void> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
  if (!ready) {
    wasm.setWasmPaths(folder + sep);
    wasm.setThreadsCount(1);
  }
  registerTrainingKernels();
}

async function loadNative(): Promise<void> {
  const peer: string = '@tensorflow/tfjs-node';
  try {
    await import(peer);
  } catch (cause) {
    throw new NodeError(
      'learning',
      'the setting asks for backend node, but @tensorflow/tfjs-node does not load',
      { mend: 'Install it (npm install @tensorflow/tfjs-node@4.22.0), or choose wasm.', cause },
    );
  }
}
