// Proofs on their way from a transaction to their verdict: verified in batches, and held against what the
// contract made of them.
import type { Deployment } from '@murmuration/contracts';
import type { Address, Hash } from 'viem';
import { sumName } from '../../protocol/index.ts';
import type { Checks, Misconduct } from '../checks.ts';
import type { CheckKind } from '../kinds.ts';
import type { TaskBook } from '../replay/book.ts';
import type { TaskEvent } from '../replay/events.ts';
import type { Transaction } from '../replay/replay.ts';
import { type SentStatement, statementOf } from './statements.ts';
import type { BatchVerifier } from './verifier.ts';

/** Verdicts that may be awaited at once, so that memory does not grow with the task. */
const mostPending = 4096;

/** What the contract made of a statement. */
interface Judged {
  readonly kind: SentStatement['kind'];
  readonly account: Address;
  readonly round: number;
  readonly accepted: boolean;
}

const checkKindOf = {
  update: 'updateProof',
  probe: 'updateProof',
  sum: 'sumProof',
  alignment: 'alignmentProof',
} as const satisfies Record<SentStatement['kind'], CheckKind>;

const misconductOf = {
  update: 'false-proof',
  probe: 'false-proof',
  sum: 'false-sum',
  alignment: 'false-alignment',
} as const satisfies Record<SentStatement['kind'], Misconduct['what']>;

/** Verifies what a task's transactions prove. */
export class ProofAudit {
  readonly #deployment: Deployment;
  readonly #verifier: BatchVerifier;
  readonly #checks: Checks;
  #pending: Promise<void>[] = [];
  /** Proofs that were verified. */
  count = 0;

  constructor(deployment: Deployment, verifier: BatchVerifier, checks: Checks) {
    this.#deployment = deployment;
    this.#verifier = verifier;
    this.#checks = checks;
  }

  /**
   * Takes a transaction's proofs.
   * @param book before the transaction.
   * @param events that the chain has of it.
   */
  async take(book: TaskBook, transaction: Transaction, events: readonly TaskEvent[]): Promise<void> {
    const judged = events.flatMap((event) => judgedIn(event) ?? [])[0];
    if (!judged) return;
    const statement = readStatement(this.#deployment, book, transaction);
    const { hash } = transaction;
    const kind = checkKindOf[judged.kind];
    const subject = describe(judged, statement);
    const about = { kind, subject, round: judged.round, artifact: hash } as const;
    if (statement?.kind !== judged.kind) {
      this.#checks.leave(
        about,
        'the call went through another contract, and the chain hands out no arguments of it',
      );
      return;
    }
    this.count += statement.claims.length;
    this.#pending.push(
      this.#verifier.verify(statement.claims).then((holds) => this.#judge({ about, hash, holds, judged })),
    );
    if (this.#pending.length >= mostPending) await this.finish();
  }

  /** Waits until everything that was taken has its verdict. */
  async finish(): Promise<void> {
    this.#verifier.flush();
    const pending = this.#pending;
    this.#pending = [];
    await Promise.all(pending);
  }

  #judge({
    about,
    hash,
    holds,
    judged,
  }: {
    readonly about: { readonly kind: CheckKind; readonly subject: string; readonly round: number };
    readonly hash: Hash;
    readonly holds: boolean;
    readonly judged: Judged;
  }): void {
    const { accepted, account, kind, round } = judged;
    const reason = accepted
      ? 'the contract took it, and it is false'
      : 'the contract refused it, and it holds';
    this.#checks.enter({ ...about, artifact: hash }, holds === accepted, reason);
    if (holds || accepted) return;
    const text = `sent a false proof: ${about.subject}; the contract refused it`;
    this.#checks.name({ account, round, what: misconductOf[kind], text, shownBy: hash });
  }
}

function readStatement(
  deployment: Deployment,
  book: TaskBook,
  transaction: Transaction,
): SentStatement | undefined {
  try {
    return statementOf(deployment, book, transaction);
  } catch {
    // Arguments that cannot be read are those of no call of the deployment.
    return undefined;
  }
}

function judgedIn({ eventName, args }: TaskEvent): Judged[] | undefined {
  switch (eventName) {
    case 'Submitted':
    case 'SubmissionRejected': {
      const kind = args.sum === 0n ? 'update' : 'probe';
      return [{ kind, account: args.sender, round: Number(args.round), accepted: eventName === 'Submitted' }];
    }
    case 'SumProven':
    case 'SumRejected':
      return [
        {
          kind: 'sum',
          account: args.prover,
          round: Number(args.round),
          accepted: eventName === 'SumProven',
        },
      ];
    case 'AlignmentProven':
    case 'AlignmentRejected':
      return [
        {
          kind: 'alignment',
          account: args.trainer,
          round: Number(args.round),
          accepted: eventName === 'AlignmentProven',
        },
      ];
    default:
      return undefined;
  }
}

const describe = ({ kind, account }: Judged, statement: SentStatement | undefined): string =>
  kind === 'sum'
    ? `sum of ${statement?.sum === undefined ? 'a round' : sumName(statement.sum)}, proven by ${account}`
    : `${kind} of ${account}`;
