// What an audit has found so far. Checks that hold are counted; what fails, or cannot be checked, is kept and
// named.
import type { Address, Hex } from 'viem';
import { type CheckKind, checkKindNames } from './kinds.ts';

/**
 * `failed`: it was checked and is not so. `unchecked`: what it takes cannot be had or read here, which blames
 * nobody.
 */
export type FindingVerdict = 'failed' | 'unchecked';

/** Something that does not hold, or could not be checked. */
export interface Finding {
  readonly kind: CheckKind;
  readonly verdict: FindingVerdict;
  /** What of the task it is about, for people. */
  readonly subject: string;
  readonly reason: string;
  readonly round?: number | undefined;
  /** Hash of the transaction or block, or digest of the content. */
  readonly artifact?: Hex | undefined;
}

/** What a check is about. */
export type About = Omit<Finding, 'verdict' | 'reason'>;

/** What a member did that the rules do not allow, as this audit itself has found it to be. */
export interface Misconduct {
  readonly account: Address;
  /** 0 before the first round. */
  readonly round: number;
  /** In one word, for machines. */
  readonly what:
    | 'false-proof'
    | 'false-alignment'
    | 'false-sum'
    | 'false-ciphertext'
    | 'missing-content'
    | 'false-share'
    | 'false-sum-file'
    | 'malformed-proposal'
    | 'missed-duty'
    | 'missed-start'
    | 'vote-off-majority'
    | 'disputed';
  /** What it did, for people. */
  readonly text: string;
  /** What shows it: a transaction's hash, or a content's digest. */
  readonly shownBy: Hex;
}

/** How many checks of a kind came to what. */
export interface Tally {
  passed: number;
  failed: number;
  unchecked: number;
}

/** The checks of one audit. */
export class Checks {
  readonly findings: Finding[] = [];
  readonly misconduct: Misconduct[] = [];
  readonly tallies: Readonly<Record<CheckKind, Tally>> = Object.fromEntries(
    checkKindNames.map((kind) => [kind, { passed: 0, failed: 0, unchecked: 0 }]),
  ) as Record<CheckKind, Tally>;

  pass(kind: CheckKind): void {
    this.tallies[kind].passed += 1;
  }

  fail(about: About, reason: string): void {
    this.tallies[about.kind].failed += 1;
    this.findings.push({ ...about, verdict: 'failed', reason });
  }

  /** What cannot be checked here. */
  leave(about: About, reason: string): void {
    this.tallies[about.kind].unchecked += 1;
    this.findings.push({ ...about, verdict: 'unchecked', reason });
  }

  /** Enters a check's result. */
  enter(about: About, holds: boolean, reason: string): void {
    if (holds) this.pass(about.kind);
    else this.fail(about, reason);
  }

  /** Names what a member did; once for each thing that it did in a round. */
  name(of: Misconduct): void {
    const known = this.misconduct.some(
      ({ account, round, what, shownBy }) =>
        account === of.account && round === of.round && what === of.what && shownBy === of.shownBy,
    );
    if (!known) this.misconduct.push(of);
  }
}
