// Everything of a task that lies in the content store, checked round by round as the chain goes on.
import type { Deployment, TaskParameters } from '@murmuration/contracts';
import type { He } from '@murmuration/he';
import type { G1Point, Prover } from '@murmuration/prover';
import { type Hex, zeroHash } from 'viem';
import type { Journal, RoundEntry } from '../../chain/index.ts';
import type { Checks } from '../checks.ts';
import { auditCiphertexts, auditExcluded, type ExcludedSubmission } from './ciphertexts.ts';
import type { NotedStore } from './contents.ts';
import { auditDescription, auditFirstModel } from './description.ts';
import { auditEvidence } from './evidence.ts';
import { ModelAudit } from './models.ts';
import { auditSelfTest } from './self_test.ts';
import { type FormedKey, formKey, type Setting } from './setting.ts';
import { auditStatistics } from './statistics.ts';
import { auditSums } from './sums.ts';
import { auditSupport } from './support.ts';

/** What the content of a task is checked with, as soon as its terms are known. */
export interface ContentSettings {
  readonly deployment: Deployment;
  readonly task: bigint;
  readonly parameters: TaskParameters;
  readonly journal: Journal;
  readonly he: He;
  readonly prover: Prover;
  readonly contents: NotedStore;
  readonly checks: Checks;
}

/** A round that is over, with what only the chain's events tell of it. */
export interface ClosedRound {
  readonly entry: RoundEntry;
  /** The added commitments of each sum that was due. */
  readonly totals: ReadonlyMap<number, readonly G1Point[]>;
  readonly excluded: readonly ExcludedSubmission[];
  /** What the votes came to. */
  readonly named: { readonly model: Hex; readonly references: Hex };
}

/** The content of one task. */
export class ContentAudit {
  readonly #settings: ContentSettings;
  #setting: Setting | undefined;
  #models: ModelAudit | undefined;
  #key: FormedKey | undefined;

  constructor(settings: ContentSettings) {
    this.#settings = settings;
  }

  /** The task's name, once its description was read. */
  get name(): string | undefined {
    return this.#setting?.description.name;
  }

  /** Reads description and first model. */
  async begin(): Promise<void> {
    const { task, parameters, ...rest } = this.#settings;
    const described = await auditDescription(rest, task, parameters);
    if (!described) return;
    this.#setting = { ...rest, ...described, task, threshold: parameters.threshold };
    this.#models = new ModelAudit(this.#setting, await auditFirstModel(rest, described.layout, parameters));
  }

  /** Forms the common key, once the trainers have confirmed it, and tests it as they did. */
  async start(): Promise<void> {
    if (!this.#setting) return;
    this.#key = await formKey(this.#setting);
    if (!this.#key) return;
    await auditSelfTest(this.#setting, this.#key);
    await auditStatistics(this.#setting, this.#key);
  }

  /** Checks a round that is over. */
  async close(round: ClosedRound): Promise<void> {
    const { checks } = this.#settings;
    const { entry, excluded, named, totals } = round;
    const setting = this.#setting;
    if (!setting) {
      const about = { kind: 'content', subject: 'all contents of the round', round: entry.number } as const;
      checks.leave(about, 'the description of the task cannot be had, so nothing tells what they are');
      return;
    }
    const support = await auditSupport(setting, entry);
    const unusable = await this.#ciphertexts(setting, entry, excluded);
    const sums =
      totals.size > 0 ? await auditSums(setting, this.#key, { entry, totals, unusable }) : new Map();
    await this.#models!.enter({ entry, support, sums, named });
  }

  /** Judges what was disputed. */
  async end(): Promise<void> {
    if (this.#setting) await auditEvidence(this.#setting, this.#key);
  }

  async #ciphertexts(setting: Setting, entry: RoundEntry, excluded: readonly ExcludedSubmission[]) {
    if (this.#key) {
      await auditExcluded(setting, this.#key, { round: entry.number, excluded });
      return auditCiphertexts(setting, this.#key, entry);
    }
    const about = {
      kind: 'encryption',
      subject: 'all ciphertexts of the round',
      round: entry.number,
    } as const;
    setting.checks.leave(about, 'the common key cannot be formed');
    return new Set<never>();
  }
}

/** What votes come to before they are counted. */
export const nothingNamed = { model: zeroHash, references: zeroHash } as const;
