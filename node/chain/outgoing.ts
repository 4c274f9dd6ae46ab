// What of an account's calls leaves for the chain's node, before it does: for who keeps a record of it.
import type { Address, Hex } from 'viem';

/** A call, by its bytes. */
export interface OutgoingCall {
  readonly to: Address;
  /** Name of the function. */
  readonly call: string;
  readonly data: Hex;
}

/** A transaction that may leave now. */
export interface Cleared {
  /** Bytes that the transaction carries behind its call data, where contracts do not look. */
  readonly anchor: Hex;
  /** It is in a block. */
  mined(hash: Hex): void;
  /** Nobody knows whether it will be. */
  lost(why: string): void;
}

/** Hears of what is about to leave. A call or transaction leaves when the promise resolves, and never if it rejects. */
export interface Outgoing {
  /** A call is about to be shown to the node, to be tried or estimated. */
  shows(call: OutgoingCall): Promise<void>;
  /** A transaction is about to be signed and sent. */
  sends(call: OutgoingCall & { readonly nonce: number }): Promise<Cleared>;
  /** A call was kept back, since a contract would record it as invalid. */
  keptBack(call: OutgoingCall, why: string): void;
}
