// How much gas calls took: an estimate executes a call several times over, a proof's check each time.
import { encodeFunctionData } from 'viem';
import type { Call } from './call.ts';

/** Estimates by contract, function and length of the arguments, for all accounts of a process. */
export class GasKnown {
  readonly #estimates = new Map<string, bigint>();

  /** The largest estimate of such a call so far; whether it does for this one, its simulation shows. */
  of(call: Call): bigint | undefined {
    return this.#estimates.get(kindOf(call));
  }

  learn(call: Call, estimate: bigint): void {
    const kind = kindOf(call);
    const known = this.#estimates.get(kind) ?? 0n;
    if (estimate > known) this.#estimates.set(kind, estimate);
  }
}

const kindOf = (call: Call): string =>
  `${call.address}/${call.functionName}/${encodeFunctionData({ ...call }).length}`;
