// What roles tell an observer: steps for people, figures for the report. Nothing private passes here.
import type { Address } from 'viem';

/** What a proof shows: of an update or probe, of a sum, or of an update's alignment with the probe. */
export type ProofKind = 'update' | 'probe' | 'aggregate' | 'alignment';

/**
 * One event. `round` is 0 before the first round; `milliseconds` is the time that a proof took, witness
 * included, `engine` what made it, such as `wasm/quads`.
 */
export type RoleEvent =
  | { readonly type: 'step'; readonly account: Address; readonly role: string; readonly text: string }
  | {
      readonly type: 'proof';
      readonly account: Address;
      readonly round: number;
      readonly statement: ProofKind;
      readonly milliseconds: number;
      readonly engine: string;
    }
  | {
      readonly type: 'transaction';
      readonly account: Address;
      readonly round: number;
      readonly call: string;
      readonly gas: bigint;
    }
  | { readonly type: 'content'; readonly account: Address; readonly round: number; readonly bytes: number }
  | { readonly type: 'fault'; readonly account: Address; readonly role: string; readonly error: unknown };

/** Called synchronously; it must not throw. */
export type Observer = (event: RoleEvent) => void;
