// An audit: a task read from the first of its blocks to the last, and everything of it computed again.
import { type Circuit, circuits, type DeploymentCheck } from '@murmuration/contracts';
import { createHe } from '@murmuration/he';
import { createBackend, createProver, type G1Point, type KeySet, presets } from '@murmuration/prover';
import type { Address } from 'viem';
import { type Draft, emptyJournal, enterLogs, type Journal } from '../chain/index.ts';
import { keyHash, subjectOf } from '../protocol/index.ts';
import { Checks } from './checks.ts';
import type { ExcludedSubmission } from './content/ciphertexts.ts';
import { ContentAudit, nothingNamed } from './content/content_audit.ts';
import { type Contents, NotedStore } from './content/contents.ts';
import { enterReplayed } from './events_audit.ts';
import { People } from './people.ts';
import { ProofAudit } from './proofs/audit_proofs.ts';
import { BatchVerifier } from './proofs/verifier.ts';
import { type ChainSource, findLogs } from './record/find_logs.ts';
import { readBlocks, type TaskBlock } from './record/transactions.ts';
import { dueSums } from './replay/book.ts';
import type { TaskEvent } from './replay/events.ts';
import { Replay, type Transaction } from './replay/replay.ts';
import { totalsOf } from './replay/submissions.ts';
import { buildReport } from './report/build.ts';
import type { AuditReport } from './report/schema.ts';

/** What an audit is made with. */
export interface AuditSettings extends ChainSource {
  readonly store: Contents;
  /** The auditor's own keys, of the task's preset. */
  readonly keys: KeySet;
  /** Contributors of the ceremony that made the keys; none of development keys. */
  readonly contributors: readonly string[];
  /** What `inspectDeployment` found. */
  readonly inspection: readonly DeploymentCheck[];
  readonly software: string;
  readonly now: Date;
  /** Milliseconds that one content may take. */
  readonly patience?: number;
  /** Hears of each step. */
  readonly say: (text: string) => void;
}

const defaultPatience = 20_000;

/** What an audit came to. */
export interface Audited {
  readonly report: AuditReport;
  /** Zero-knowledge proofs that were verified. */
  readonly proofs: number;
}

/**
 * Audits a task. It trusts nothing that anybody says of the task: neither a contract's verdict nor a node's word.
 * @throws NodeError `task` where the deployment has no such task; `chain` where the chain's node stops answering.
 */
export async function auditTask(settings: AuditSettings): Promise<Audited> {
  const { keys, say } = settings;
  const found = await findLogs(settings, say);
  const keyOf = (circuit: Circuit) => keys.circuit(circuit).verifyingKey;
  const verifyingKeys = {
    update: keyOf('update'),
    aggregate: keyOf('aggregate'),
    alignment: keyOf('alignment'),
  };
  const verifier = new BatchVerifier({ keys: verifyingKeys, tauG2: keys.srs.tauG2 });
  try {
    const audit = new TaskAudit(settings, verifier);
    audit.enterInspection();
    const total = new Set(found.logs.map(({ blockNumber }) => blockNumber)).size;
    let done = 0;
    for await (const block of readBlocks(settings, found)) {
      done += 1;
      say(`block ${block.number}, ${done} of ${total}`);
      await audit.enterBlock(block);
    }
    return await audit.finish(found.until);
  } finally {
    await verifier.stop();
  }
}

/** The round that runs, as far as only its events tell. */
interface RunningRound {
  totals: Map<number, readonly G1Point[]>;
  readonly submitted: Map<Address, ExcludedSubmission>;
  readonly excluded: ExcludedSubmission[];
  named: { readonly model: `0x${string}`; readonly references: `0x${string}` };
}

const freshRound = (): RunningRound => ({
  totals: new Map(),
  submitted: new Map(),
  excluded: [],
  named: nothingNamed,
});

/** One audit on its way through the blocks. */
class TaskAudit {
  readonly #settings: AuditSettings;
  readonly #checks = new Checks();
  readonly #people = new People();
  readonly #journal: Draft<Journal> = emptyJournal();
  readonly #blocks: { readonly number: string; readonly hash: string }[] = [];
  readonly #contents: NotedStore;
  readonly #replay: Replay;
  readonly #proofs: ProofAudit;
  #content: ContentAudit | undefined;
  #round = freshRound();

  constructor(settings: AuditSettings, verifier: BatchVerifier) {
    const { deployment, task, store, patience = defaultPatience } = settings;
    this.#settings = settings;
    this.#replay = new Replay(deployment, task);
    this.#proofs = new ProofAudit(deployment, verifier, this.#checks);
    this.#contents = new NotedStore(store, this.#checks, patience);
  }

  /** Enters what was found of the contracts. */
  enterInspection(): void {
    for (const { what, verdict, detail } of this.#settings.inspection) {
      const about = { kind: 'deployment', subject: what } as const;
      if (verdict === 'holds') this.#checks.pass('deployment');
      else if (verdict === 'fails' && detail.startsWith('cannot be read')) this.#checks.leave(about, detail);
      else if (verdict === 'fails') this.#checks.fail(about, detail);
    }
  }

  /** Enters a block with everything of the task in it. */
  async enterBlock({ number, hash, doubts, transactions }: TaskBlock): Promise<void> {
    this.#blocks.push({ number: `${number}`, hash });
    const about = { kind: 'block', subject: `block ${number}`, artifact: hash } as const;
    if (doubts.length === 0) this.#checks.pass('block');
    for (const { kind, text } of doubts)
      if (kind === 'contradicts') this.#checks.fail(about, text);
      else this.#checks.leave(about, text);
    for (const transaction of transactions) await this.#enterTransaction(transaction);
  }

  /** Checks what is left, and makes the report. @param until the last block that was read. */
  async finish(until: { readonly number: bigint; readonly hash: string }): Promise<Audited> {
    const { deployment, keys, contributors, now: created, software } = this.#settings;
    await this.#content?.end();
    await this.#proofs.finish();
    const hashOf = (circuit: Circuit) => keyHash(keys.circuit(circuit).verifyingKey, keys.srs.tauG2);
    const report = buildReport({
      created,
      software,
      deployment,
      name: this.#content?.name,
      chain: {
        from: `${deployment.fromBlock}`,
        until: `${until.number}`,
        untilHash: until.hash,
        blocks: this.#blocks,
      },
      keys: {
        preset: keys.preset,
        kind: keys.kind,
        contributors: [...contributors],
        verifyingKeys: Object.fromEntries(circuits.map((circuit) => [circuit, hashOf(circuit)])),
      },
      book: this.#replay.book,
      rounds: this.#journal.rounds,
      people: this.#people.list(this.#replay.book),
      checks: this.#checks,
      artifacts: this.#contents.artifacts,
    });
    return { report, proofs: this.#proofs.count };
  }

  async #enterTransaction(transaction: Transaction): Promise<void> {
    const before = this.#replay.book;
    const { round } = before;
    const replayed = this.#replay.play(transaction);
    const events = replayed.events.map(({ event }) => event);
    enterReplayed(this.#checks, replayed, { hash: transaction.hash, round });
    await this.#proofs.take(before, transaction, events);
    enterLogs(
      (task = this.#replay.book.task) => (task === this.#replay.book.task ? [this.#journal] : []),
      [...transaction.logs],
    );
    for (const event of events) {
      this.#people.enter(event);
      await this.#follow(event);
    }
  }

  /** What content has to be looked at, and when. */
  async #follow(event: TaskEvent): Promise<void> {
    const { book } = this.#replay;
    switch (event.eventName) {
      case 'TaskPosted':
        await this.#begin();
        return;
      case 'TaskStarted':
        await this.#content?.start();
        return;
      case 'RoundOpened':
        this.#round = freshRound();
        return;
      case 'Submitted': {
        const { sender, sum, digests } = event.args;
        const subject = subjectOf(Number(sum));
        this.#round.submitted.set(sender, { sender, subject, digests });
        return;
      }
      case 'Excluded': {
        const excluded = this.#round.submitted.get(event.args.account);
        if (excluded) this.#round.excluded.push(excluded);
        return;
      }
      case 'PhaseEntered':
        if (book.phase === 'aggregate')
          this.#round.totals = new Map(dueSums(book).map((sum) => [sum, totalsOf(book, sum)]));
        return;
      case 'Tallied':
        this.#round.named = event.args;
        return;
      case 'RoundClosed': {
        const entry = this.#journal.rounds.find(({ number }) => number === Number(event.args.round));
        this.#settings.say(`round ${event.args.round}: its contents`);
        if (entry) await this.#content?.close({ ...this.#round, entry });
        return;
      }
    }
  }

  async #begin(): Promise<void> {
    const { deployment, keys, task } = this.#settings;
    const { terms } = this.#replay.book;
    const preset = presets[keys.preset];
    if (!terms) return;
    if (terms.parameters.preset !== preset.id) {
      const about = { kind: 'task', subject: 'preset' } as const;
      this.#checks.leave(about, `the keys given are of ${keys.preset}, and the task is of another preset`);
      return;
    }
    // The backend alone proves, and an audit proves nothing.
    const prover = createProver(keys, createBackend({ name: 'snarkjs' }));
    this.#content = new ContentAudit({
      deployment,
      task,
      parameters: terms.parameters,
      journal: this.#journal,
      he: await createHe(keys.preset),
      prover,
      contents: this.#contents,
      checks: this.#checks,
    });
    await this.#content.begin();
  }
}
