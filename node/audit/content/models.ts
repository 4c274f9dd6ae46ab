// The versions of the model and the references of each round, computed again one round after the other.
import type { ChunkVector } from '@murmuration/core';
import { maxGroups } from '@murmuration/prover';
import { type Hex, zeroHash } from 'viem';
import type { RoundEntry } from '../../chain/index.ts';
import { computeReferences } from '../../cryptography/index.ts';
import { geometryOf } from '../../learn/index.ts';
import {
  applySum,
  decodeModel,
  digestOf,
  encodeModel,
  inRow,
  PublicHistory,
  probeSum,
  updateSum,
} from '../../protocol/index.ts';
import type { Setting } from './setting.ts';
import type { OpenedSums } from './sums.ts';

/** A round as models are computed from it. */
export interface ModelRound {
  readonly entry: RoundEntry;
  /** Undefined where a proposal cannot be had. */
  readonly support: Uint32Array | undefined;
  readonly sums: OpenedSums;
  /** What the votes came to; zeros where no majority named a pair. */
  readonly named: { readonly model: Hex; readonly references: Hex };
}

/** The task's models, followed round by round. */
export class ModelAudit {
  readonly #setting: Setting;
  #model: Float32Array | undefined;
  /** What all rounds told; undefined once one of them could not be read. */
  #history: PublicHistory | undefined;

  constructor(setting: Setting, first: Float32Array | undefined) {
    this.#setting = setting;
    this.#model = first;
    this.#history = new PublicHistory(setting.layout.size);
  }

  /** Checks what a closed round did to the model. */
  async enter(round: ModelRound): Promise<void> {
    const { entry, named } = round;
    const settled = entry.outcome === 'accepted' || entry.outcome === 'rejected';
    if (named.model !== zeroHash) {
      await this.#checkModel(round);
      await this.#checkReferences(round);
    }
    if (settled) this.#remember(round);
    if (entry.outcome !== 'accepted') return;
    // Where it could not be computed, the chain goes on from the version that the validators named, if it is
    // there.
    const known = this.#model && digestOf(encodeModel(this.#model)) === entry.modelAfter;
    if (!known) this.#model = await this.#load(entry.modelAfter!);
  }

  async #checkModel({ entry, support, sums, named }: ModelRound): Promise<void> {
    const { checks, description } = this.#setting;
    const about = {
      kind: 'model',
      subject: `version ${named.model}`,
      round: entry.number,
      artifact: named.model,
    } as const;
    const sum = sums.get(updateSum);
    if (!support || !sum || !this.#model) {
      checks.leave(about, 'the model before it, the round’s sum or a proposal cannot be had');
      return;
    }
    const next = applySum(this.#model, {
      support,
      sum: rowOf(sum),
      weight: entry.submitted.update.reduce((total, { weight }) => total + weight, 0),
      scale: entry.scale,
      eta: description.aggregation.eta,
    });
    const made = digestOf(encodeModel(next));
    checks.enter(about, made === named.model, `the round’s sum gives version ${made}`);
    if (entry.outcome === 'accepted') this.#model = next;
  }

  async #checkReferences({ entry, support, sums, named }: ModelRound): Promise<void> {
    const { checks, description, he, layout, prover } = this.#setting;
    const about = {
      kind: 'references',
      subject: `references ${named.references}`,
      round: entry.number,
    } as const;
    const groups = Array.from({ length: maxGroups }, (_, group) => probeSum(group));
    const missing = groups.some((sum) => entry.sums.has(sum) && !sums.has(sum));
    if (!support || missing || !this.#history) {
      checks.leave(about, 'a sum of this round or of one before it, or a proposal, cannot be had');
      return;
    }
    const probes = groups.map((sum) =>
      entry.sums.has(sum) ? rowOf(sums.get(sum)!).subarray(0, support.length) : undefined,
    );
    const geometry = geometryOf(description, layout);
    const { chunks } = description.compression;
    const sources = { history: this.#history, geometry, support };
    const { digest: made } = await computeReferences({ he, prover, chunks }, probes, sources);
    checks.enter(about, made === named.references, `the opened sums give references ${made}`);
  }

  #remember({ entry, support, sums }: ModelRound): void {
    const updates = sums.get(updateSum);
    const probes = [...entry.sums.keys()].filter((sum) => sum !== updateSum).sort((a, b) => a - b);
    if (!support || !updates || probes.some((sum) => !sums.has(sum))) {
      this.#history = undefined;
      return;
    }
    const on = (sum: readonly ChunkVector[]) => rowOf(sum).subarray(0, support.length);
    this.#history?.add({ support, updates: on(updates), probes: probes.map((sum) => on(sums.get(sum)!)) });
  }

  async #load(digest: Hex): Promise<Float32Array | undefined> {
    const { contents, layout } = this.#setting;
    try {
      return decodeModel(await contents.of('model').get(digest, { maxBytes: layout.size * 4 }), layout.size);
    } catch {
      // That it is missing is said where it is needed.
      return undefined;
    }
  }
}

const rowOf = (sum: readonly ChunkVector[]): Int32Array => inRow(sum.map(({ coordinates }) => coordinates));
