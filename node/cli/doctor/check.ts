// What a check of the doctor is, and how all of them are made.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deployment } from '@murmuration/contracts';
import type { PublicClient } from 'viem';
import { NodeError } from '../../errors.ts';
import { faultOf } from '../output/fault.ts';
import type { DoctorSettings } from './flags.ts';

/** What a check found: fine, for the reader to know, or to be mended. */
export type Verdict = 'ok' | 'note' | 'bad';

export interface Finding {
  readonly verdict: Verdict;
  /** One line. */
  readonly says: string;
  /** How to mend it: a sentence. A finding that is bad has one. */
  readonly mend?: string;
}

/** Where the checks are made. What fails to open is told by the check that opens it first. */
export interface Practice {
  readonly settings: DoctorSettings;
  readonly deployment: () => Promise<Deployment>;
  readonly client: () => Promise<PublicClient>;
}

/** One check. It looks, and changes nothing. */
export interface Check {
  /** In the output: `clock`. */
  readonly name: string;
  /** Whether it belongs to a member's home, to a prover service, or to both. */
  readonly of: readonly ('member' | 'service')[];
  /** What is found; rejects where something cannot even be looked at. */
  look(practice: Practice): Promise<readonly Finding[]>;
}

/** A finding with the check that made it. */
export interface Examined extends Finding {
  readonly check: string;
}

export const ok = (says: string): Finding => ({ verdict: 'ok', says });
export const note = (says: string): Finding => ({ verdict: 'note', says });
export const bad = (says: string, mend: string): Finding => ({ verdict: 'bad', says, mend });

/** What a fault is as a finding. */
export function badFor(error: unknown): Finding {
  const { message, mend = 'See the log of the role or service.' } = faultOf(error);
  return bad(message, mend);
}

/** Milliseconds that a check gets unless it is told. */
const patience = 60_000;

/**
 * Makes the checks, one after the other, so that none starves another one's clock.
 * @param tell hears each finding as it is made.
 */
export async function examine(
  checks: readonly Check[],
  practice: Practice,
  { tell, timeout = patience }: { readonly tell: (finding: Examined) => void; readonly timeout?: number },
): Promise<Examined[]> {
  const examined: Examined[] = [];
  for (const check of checks)
    for (const finding of await within(check, practice, timeout)) {
      const each = { check: check.name, ...finding };
      tell(each);
      examined.push(each);
    }
  return examined;
}

async function within(check: Check, practice: Practice, timeout: number): Promise<readonly Finding[]> {
  const ending = new AbortController();
  const late = sleep(timeout, undefined, { signal: ending.signal, ref: false }).then(() => {
    throw new NodeError('interrupted', `${check.name} does not answer within ${timeout / 1000} s`, {
      mend: 'What it asks hangs: the chain, the store, the database, a service, or the disk.',
    });
  });
  try {
    return await Promise.race([check.look(practice), late]);
  } catch (error) {
    return [badFor(error)];
  } finally {
    ending.abort();
    late.catch(() => undefined);
  }
}
