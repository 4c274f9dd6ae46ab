// `npm start`: the local federation. It is not there yet, and says so.
import { UserError } from './cli/errors.ts';

/** Refuses, naming what is missing. */
export async function main(): Promise<number> {
  throw new UserError('the local federation (node/roles) is not built yet; `npm test` runs what is.');
}
