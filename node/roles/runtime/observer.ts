// What roles tell whoever watches them: steps for people, figures for the report. Nothing private passes here.
import type { Address } from 'viem';

export type Statement = 'update' | 'probe' | 'aggregate' | 'alignment';

export type RoleEvent =
  | { type: 'step'; account: Address; role: string; text: string }
  | { type: 'proof'; account: Address; round: number; statement: Statement; milliseconds: number }
  | { type: 'transaction'; account: Address; round: number; call: string; gas: bigint }
  | { type: 'content'; account: Address; round: number; bytes: number }
  | { type: 'fault'; account: Address; role: string; error: unknown };

/** Called synchronously; it must not throw. */
export type Observer = (event: RoleEvent) => void;
