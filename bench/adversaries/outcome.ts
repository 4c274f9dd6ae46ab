// What became of a federation's members: what each lost, earned and was found to have done.
import { defaultEconomics } from '../../node/demo/index.ts';
import type { LocalFederation } from '../../node/local/index.ts';
import { heldAt, wholeTokens } from '../../node/protocol/index.ts';

/** One member at the end of the task; amounts in whole tokens. */
export interface MemberOutcome {
  readonly name: string;
  /** `plain`, `mirrored`, or an adversary's name. */
  readonly kind: string;
  /** Stake that it lost, what is held of it at the end included. */
  readonly lost: number;
  /** Rewards and fees, and as a reporter. */
  readonly earned: number;
  /** How often each fault of it was punished. */
  readonly faults: Readonly<Record<string, number>>;
  readonly ejected: boolean;
}

/** A federation at the end of its task. */
export interface FederationOutcome {
  /** Whether the task ended, or was cancelled before its first round. */
  readonly ended: boolean;
  /** How each round ended. */
  readonly rounds: readonly string[];
  readonly members: readonly MemberOutcome[];
}

/** The outcome of a federation whose task is over and whose journal is whole. */
export function outcomeOf({ chain, trainers, validators, provers }: LocalFederation): FederationOutcome {
  const { rounds, credits, slashed, ejected } = chain.journal;
  return {
    ended: rounds.length > 0,
    rounds: rounds.map(({ outcome }) => outcome),
    members: [...trainers, ...validators, ...provers].map(({ account, kind }) => {
      const { address } = account.signer;
      const own = rounds.flatMap(({ penalties }) => penalties).filter(({ account: by }) => by === address);
      const failed = rounds.flatMap(({ rejectedSums }) => rejectedSums).filter((by) => by === address).length;
      const settled = rounds.flatMap((round) => round.settled).findLast(({ trainer }) => trainer === address);
      const inRounds = own.reduce(
        (sum, { amount }) => sum + amount,
        BigInt(failed) * defaultEconomics.failedSum + heldAt(settled?.level ?? 0, defaultEconomics.strike),
      );
      // What is slashed before the first round stands in no round. What was held is burnt with the stake's release, which
      // the journal may have seen or not.
      const all = slashed.get(address) ?? 0n;
      const lost = all > inRounds ? all : inRounds;
      const faults: Record<string, number> = failed > 0 ? { 'failed-sum': failed } : {};
      for (const { fault } of own) faults[fault] = (faults[fault] ?? 0) + 1;
      return {
        name: account.name,
        kind,
        lost: wholeTokens(lost),
        earned: wholeTokens(credits.get(address) ?? 0n),
        faults,
        ejected: ejected.has(address),
      };
    }),
  };
}

/** Whether a member is no adversary. */
export const isHonest = ({ kind }: Pick<MemberOutcome, 'kind'>): boolean =>
  kind === 'plain' || kind === 'mirrored';
