// A federation in this process whose members die and come back, and what became of it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '@murmuration/core';
import {
  createThrowawayFederation,
  type FederationMember,
  type LocalFederation,
  type LocalInput,
  readToEnd,
  type ThrowawaySettings,
} from '../../node/local/index.ts';
import type { Disguise, RoleEvent } from '../../node/roles/index.ts';
import { type FederationOutcome, outcomeOf } from '../adversaries/outcome.ts';
import { fatesOf, type Plan, type Trace } from './fates.ts';
import { Lives } from './lives.ts';
import { type Effect, mortal } from './mortal.ts';
import { contradictions } from './said.ts';

/** Milliseconds between two looks at the task. */
const pause = 100;

/** What a run is of. */
export interface Staging {
  readonly options: LocalInput;
  readonly cacheFolder: string;
  /** How members die, by their names. */
  readonly plans?: Readonly<Record<string, Plan>>;
  /** Over honest members that have no plan. */
  readonly disguise?: ThrowawaySettings['disguise'];
  readonly reach?: ThrowawaySettings['reach'];
  readonly observe?: (event: RoleEvent, federation: LocalFederation) => void;
  /** Size of a disk that it has for itself, as `mount` takes it; that of everybody unless given. */
  readonly disk?: string;
  /** Sees the federation before it starts. */
  readonly prepare?: (federation: LocalFederation, folder: string) => void | Promise<void>;
  /** Takes place beside it, and is waited for. */
  readonly beside?: (federation: LocalFederation) => Promise<void>;
}

/** What became of it. */
export interface Staged extends FederationOutcome {
  /** Digests of the models after the rounds. */
  readonly models: readonly string[];
  /** By name, what each member that had a plan did. */
  readonly traces: Readonly<Record<string, Trace>>;
  /** What a member said in two ways, or showed and never named. */
  readonly contradictions: readonly string[];
  /** Members whose stake is not free again at the end. */
  readonly held: readonly string[];
  /** Reasons of failed steps, each once. */
  readonly faults: readonly string[];
  readonly seconds: number;
}

/** Runs a federation to the end of its task, until all stake is free. */
export async function stage(staging: Staging): Promise<Staged> {
  const { disk } = staging;
  const folder = mkdtempSync(join(tmpdir(), 'murmuration-faults-'));
  if (disk) execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${disk}`, 'tmpfs', folder]);
  try {
    return await new Stage(staging, folder).run();
  } finally {
    if (disk) execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
  }
}

class Stage {
  readonly #staging: Staging;
  readonly #folder: string;
  readonly #fates: ReadonlyMap<string, ReturnType<typeof fatesOf>>;
  readonly #lives = new Lives();
  readonly #faults = new Set<string>();
  #federation: LocalFederation | undefined;

  constructor(staging: Staging, folder: string) {
    this.#staging = staging;
    this.#folder = folder;
    const planned = Object.entries(staging.plans ?? {});
    this.#fates = new Map(
      planned.map(([name, plan]) => [name, fatesOf(plan, (torn) => this.#bringBack(name, torn))]),
    );
  }

  async run(): Promise<Staged> {
    const { options, cacheFolder, reach, prepare, beside } = this.#staging;
    const began = performance.now();
    const federation = await createThrowawayFederation(options, this.#folder, {
      cacheFolder,
      say: () => undefined,
      observe: (event) => this.#observe(event),
      disguise: (name) => this.#worn(name),
      ...(reach && { reach }),
    });
    this.#federation = federation;
    try {
      await prepare?.(federation, this.#folder);
      await federation.start();
      await Promise.all([this.#untilFree(), beside?.(federation)]);
      await readToEnd(federation.chain);
      return {
        ...outcomeOf(federation),
        models: federation.chain.journal.rounds.map(({ modelAfter }) => modelAfter ?? ''),
        traces: Object.fromEntries(Array.from(this.#fates, ([name, { trace }]) => [name, trace])),
        contradictions: Array.from(this.#fates).flatMap(([name, { trace }]) =>
          contradictions(this.#member(name).account.signer.address, federation.chain.journal, trace).map(
            (text) => `${name}: ${text}`,
          ),
        ),
        held: await this.#held(),
        faults: [...this.#faults],
        seconds: (performance.now() - began) / 1000,
      };
    } finally {
      await this.#lives.end();
      await federation.stop();
    }
  }

  #worn(name: string): Disguise {
    const fates = this.#fates.get(name);
    return fates ? mortal(fates) : (this.#staging.disguise?.(name) ?? {});
  }

  #observe(event: RoleEvent): void {
    if (event.type === 'fault' && reasonOf(event.error) !== 'killed')
      this.#faults.add(`${event.role}: ${reasonOf(event.error)}`);
    if (this.#federation) this.#staging.observe?.(event, this.#federation);
  }

  #member(name: string): FederationMember {
    const { trainers, validators, provers } = this.#federation!;
    return [...trainers, ...validators, ...provers].find(({ account }) => account.name === name)!;
  }

  /** Ends what is left of a member, and lets it begin again on what it has left behind. */
  #bringBack(name: string, torn: Effect | undefined): void {
    const member = this.#member(name);
    if (torn) this.#tear(name, torn);
    this.#lives.bringBack(member);
  }

  /** Half of a file, as a process leaves it that is killed while it writes. */
  #tear(name: string, { kind }: Effect): void {
    const folder = kind === 'put' ? join('store', 'unfinished') : join('state', name.replaceAll(' ', '-'));
    writeFileSync(join(this.#folder, folder, `half.${Date.now()}.unfinished`), 'half of what was to b');
  }

  async #held(): Promise<string[]> {
    const { chain, trainers, validators } = this.#federation!;
    const members = [...trainers, ...validators].map(async ({ account: { name, signer } }) =>
      (await chain.pledgeOf(signer.address)) > 0n ? [name] : [],
    );
    return (await Promise.all(members)).flat();
  }

  /** Waits for the end of the task, and then a while for the stake: appeals take a second. */
  async #untilFree(): Promise<void> {
    const { chain } = this.#federation!;
    let patience = 600;
    while (!this.#lives.over) {
      await sleep(pause);
      this.#lives.check();
      const state = await chain.state().catch(() => undefined);
      if (state?.status !== 'ended' && state?.status !== 'cancelled') continue;
      patience -= 1;
      if (patience === 0 || (await this.#held()).length === 0) return;
    }
  }
}
