// ffjavascript and snarkjs start threads through the package `web-worker`, which takes any Node thread that
// it is loaded in for one of its own and breaks it. Within a thread it is therefore replaced by
// web_worker.ts, before either is loaded.
import { registerHooks } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import { sibling } from '@murmuration/core/sibling';

let replaced = isMainThread;

/** Call before loading ffjavascript or snarkjs; does nothing on the main thread or when called again. */
export function replaceWebWorker(): void {
  if (replaced) return;
  replaced = true;
  const url = sibling(import.meta.url, 'web_worker').href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'web-worker' ? { url, shortCircuit: true } : next(specifier, context),
  });
}
