// What speaks against a request in this program's own words, as a refusal that the page shows.
import { MurmurationError } from '@murmuration/core';
import { Refusal, type RefusalKind } from '../../http/index.ts';
import { faultOf } from '../output/fault.ts';

/** Does it; a fault of the family becomes a refusal with its words, any other goes through. */
export async function refusing<T>(kind: RefusalKind, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Refusal || !(error instanceof MurmurationError)) throw error;
    const { message, mend } = faultOf(error);
    throw new Refusal(kind, message, mend === undefined ? {} : { mend });
  }
}
