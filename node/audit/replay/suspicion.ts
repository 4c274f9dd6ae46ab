// Whom sums of the updates that stayed closed make suspect (`Sifting.remember`), and which updates a round keeps.
import type { Address } from 'viem';
import { updateSum } from '../../protocol/index.ts';
import { acceptedSeats, type TaskBook } from './book.ts';

/** What a sum that stays closed adds to the suspicion of each of its trainers, the first time that it begins. */
const suspicionOfOne = 8;
/** How often it begins until it does not double any more. */
const mostSpells = 3;

/** The updates of the round's sum as they are now, by their trainers in the order of the seats. */
export const updatesOf = (book: TaskBook): Address[] =>
  acceptedSeats(book).flatMap(([account, { role }]) => (role === 'trainer' ? [account] : []));

/** How many of them stay: all that nobody suspects, and as many as the task asks for at least. */
export function keptOf({ terms, suspicion }: TaskBook, updates: readonly Address[]): number {
  const unsuspected = updates.filter((account) => !suspicion.get(account)).length;
  return Math.max(unsuspected, terms?.parameters.minTrainers ?? 0);
}

/** Whether any trainer is suspected. */
export const isSuspecting = ({ suspicion }: TaskBook): boolean =>
  [...suspicion.values()].some((each) => each > 0);

/** Whether nothing is to be left out of the round any more. */
export function isSifted({ book }: { readonly book: TaskBook }): boolean {
  if (!isSuspecting(book)) return true;
  const updates = updatesOf(book);
  return updates.length <= keptOf(book, updates);
}

/** Enters whether the sum of the updates was opened, when its phase is over: no event says it. */
export function remember(book: TaskBook): void {
  const { sift, suspicion } = book;
  const opened = book.proven.has(updateSum);
  const suspecting = isSuspecting(book);
  if (opened && !suspecting) return;
  if (!suspecting && sift.spells < mostSpells) sift.spells += 1;
  const added = suspicionOfOne * 2 ** (sift.spells - 1);
  const updates = new Set(updatesOf(book));
  for (const account of book.seated.trainers) {
    const before = suspicion.get(account) ?? 0;
    const isIn = updates.has(account);
    if (opened) suspicion.set(account, Math.max(0, before - (isIn ? 2 : 1)));
    else if (isIn) suspicion.set(account, before + added);
  }
}
