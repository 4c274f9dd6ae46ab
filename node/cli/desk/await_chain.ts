// Waits for a chain's node that does not answer yet: whoever opens the desk first and the node second need not begin anew.
import { setTimeout as sleep } from 'node:timers/promises';
import { readChainId } from '../open/deployment.ts';
import { describeError, faultOf } from '../output/fault.ts';

/** Milliseconds between two tries. */
const pause = 3000;

/**
 * Resolves once the node answers, whichever chain it serves.
 * @param say hears of each try that fails, with its mend.
 * @throws what `signal` was aborted with; whatever is no fault of the chain.
 */
export async function awaitChain(
  rpc: string,
  say: (text: string) => void,
  signal: AbortSignal,
  wait = pause,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await readChainId(rpc);
      return;
    } catch (error) {
      if (faultOf(error).code !== 'chain') throw error;
      say(
        `${describeError(error)} Tried ${tries === 1 ? 'once' : `${tries} times`}; the desk goes on trying.`,
      );
    }
    await sleep(wait, undefined, { signal });
  }
}
