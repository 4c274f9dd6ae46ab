// What roles tell an observer: steps for people, figures for the report. Nothing private passes here.
import type { Address } from 'viem';

/** What a proof shows: of an update or probe, of a sum, or of an update's alignment with the probe. */
export type ProofKind = 'update' | 'probe' | 'aggregate' | 'alignment';

/**
 * Why a prover of the marketplace leaves a task or a sum alone: its `preset` has no keys here, `stake` or `fee` are too
 * small, another prover has `taken` it, it comes too `late`, or there is a `fault`; `push`: others are to push it on.
 */
export type SkipReason = 'preset' | 'stake' | 'fee' | 'taken' | 'late' | 'fault' | 'push';

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
  /** Of a prover that follows the marketplace: which tasks it has in view. */
  | {
      readonly type: 'task';
      readonly account: Address;
      readonly task: bigint;
      readonly what: 'follows' | 'takes' | 'leaves';
      readonly text: string;
    }
  | {
      readonly type: 'skipped';
      readonly account: Address;
      readonly task: bigint;
      readonly round: number;
      readonly sum?: number;
      readonly reason: SkipReason;
      readonly text: string;
    }
  /** A sum that this prover landed: its fee in the token's smallest unit, and what its transaction cost. */
  | {
      readonly type: 'landed';
      readonly account: Address;
      readonly task: bigint;
      readonly round: number;
      readonly sum: number;
      readonly fee: bigint;
      readonly wei: bigint;
    }
  /** Something that this role keeps back, since showing it would tell a secret. */
  | {
      readonly type: 'refused';
      readonly account: Address;
      readonly round: number;
      readonly what: string;
      readonly why: string;
    }
  | { readonly type: 'fault'; readonly account: Address; readonly role: string; readonly error: unknown };

/** Called synchronously; it must not throw. */
export type Observer = (event: RoleEvent) => void;
