// V8's settings for the while in which a module is compiled; the module keeps what it was compiled under.
import { setFlagsFromString } from 'node:v8';

/** One of V8's flags as it is to be for a while, and as it is otherwise. */
export type V8Setting = readonly [during: string, otherwise: string];

/** What `work` makes under these settings. They are the process's, so nothing may be waited for in it. */
export function underSettings<Result>(settings: readonly V8Setting[], work: () => Result): Result {
  for (const [during] of settings) setFlagsFromString(during);
  try {
    return work();
  } finally {
    for (const [, otherwise] of settings) setFlagsFromString(otherwise);
  }
}
