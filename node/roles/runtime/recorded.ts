// A role whose every content, message and refusal goes into its account's site log before it leaves.
import { join } from 'node:path';
import { walkCauses } from '@murmuration/core';
import { NodeError } from '../../errors.ts';
import { recordedStore, resolveContents, type SiteLog } from '../../site/index.ts';
import type { ContentStore } from '../../store/index.ts';
import type { RoleContext } from './context.ts';
import type { Observer } from './observer.ts';

/** Where a member's log lies below its state folder. */
export const siteLogFolder = (state: string): string => join(state, 'site-log');

/** A store as an account's roles use it; what an earlier process was about to put is looked up at its start. */
export function storeOf(log: SiteLog, store: ContentStore): ContentStore {
  // Nothing waits for it: what is not told yet counts as left.
  resolveContents(log, store).catch(() => undefined);
  return recordedStore(log, store);
}

/** An observer that writes down, too, what its role refuses. */
export function observing(log: SiteLog, observe: Observer): Observer {
  return (event) => {
    if (event.type === 'refused') log.refused({ what: event.what, to: 'the other members', why: event.why });
    observe(event);
  };
}

/** A role's context, recorded. */
export const recordedContext = (log: SiteLog, context: RoleContext): RoleContext => ({
  ...context,
  store: storeOf(log, context.store),
  observe: observing(log, context.observe),
});

/** Tells that a role keeps something back, where an error says so. */
export function tellRefusal(
  { chain, observe }: Pick<RoleContext, 'chain' | 'observe'>,
  error: unknown,
): void {
  const refusal = refusalIn(error);
  if (!refusal?.keeps) return;
  const { account, journal } = chain;
  const round = journal.rounds.at(-1)?.number ?? 0;
  observe({ type: 'refused', account, round, what: refusal.keeps, why: refusal.message });
}

/** The error by which something was kept back, among those that led to one. */
function refusalIn(error: unknown): NodeError | undefined {
  const found = walkCauses(error, (cause) => cause instanceof NodeError && cause.keeps !== undefined);
  return found instanceof NodeError ? found : undefined;
}
