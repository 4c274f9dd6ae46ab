// The seams at which a role can be dressed up as another: what it works with, what it trains on and how, the
// rings that it is in. The role itself knows nothing of it.
import type { OwnData, TrainingDisguise } from '../learn/index.ts';
import type { RingService } from '../ring/index.ts';
import type { RoleContext } from './runtime/context.ts';
import type { Member } from './runtime/member.ts';

/**
 * Parts in place of a role's own. Production hands in none; an adversary of the demonstration is a disguise that
 * is put over an honest role (node/demo).
 */
export interface Disguise {
  /** What the role works with (chain, store, storage, encryption, prover) as it is to see it. */
  readonly services?: (
    own: RoleContext,
    member: Pick<Member, 'client' | 'deployment' | 'signer'>,
  ) => RoleContext;
  /** What a trainer trains on, in the place of its own rows. */
  readonly data?: (own: OwnData, seed: string) => OwnData;
  /** Finds the change of a round: a trainer's on its data, a validator's on what it holds out. */
  readonly training?: TrainingDisguise;
  /** The rings that a trainer takes part in. */
  readonly rings?: (own: RingService) => RingService;
}
