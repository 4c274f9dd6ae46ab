// What an adversary is: a seat, and a disguise over the honest role that sits there.
import type { Disguise, RoleContext } from '../../roles/index.ts';

/** Who an adversary is among. A prover beside the honest one; a stranger has no seat. */
export type AdversarySeat = 'trainer' | 'validator' | 'prover';

/** An adversary that dresses up an honest role. */
export interface Adversary {
  readonly seat: AdversarySeat;
  /** Whether it sends what the contract answers false to: an honest sender keeps that back. */
  readonly sendsInvalid?: true;
  /** Fresh for each member. */
  readonly disguise: () => Disguise;
}

/** `base` with some members in place of its own. A getter of it stays one, and its calls are its own. */
export const over = <T extends object>(base: T, members: Partial<T>): T =>
  Object.create(base, Object.getOwnPropertyDescriptors(members));

/** A disguise that changes one service of its role by what it knows of all of them. */
export const disguised = <Name extends keyof RoleContext>(
  name: Name,
  change: (own: RoleContext) => Partial<RoleContext[Name] & object>,
): Disguise => ({
  services: (own) => ({ ...own, [name]: over(own[name] as object, change(own)) }),
});
