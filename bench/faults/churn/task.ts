// One task of a long run: its members are killed and come back, its provider goes and comes, somebody cheats.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '@murmuration/core';
import type { Hex } from 'viem';
import { readTask } from '../../../node/chain/index.ts';
import { assembleFederation } from '../../../node/local/assembly.ts';
import { type LocalFederation, localOptions, readToEnd } from '../../../node/local/index.ts';
import type { Disguise } from '../../../node/roles/index.ts';
import { type FederationOutcome, outcomeOf } from '../../adversaries/outcome.ts';
import { Lives } from '../lives.ts';
import { type Effect, mortal } from '../mortal.ts';
import { atEachPhase } from '../phases.ts';
import { namedBy } from '../said.ts';
import { heldNow } from '../sample.ts';
import { type Mortality, mortality } from './deaths.ts';
import { type LongGround, preset, stateOf } from './ground.ts';
import { company, honest, type Kill, type Outage, type TaskPlan } from './plan.ts';
import type { Line } from './record.ts';

/** Milliseconds between two looks, and looks for which stake is waited for. */
const [pause, patience] = [250, 240];

/** What became of a task. */
export interface TaskOutcome extends FederationOutcome {
  readonly task: bigint;
  /** Honest members whose stake is still pledged. */
  readonly pledged: readonly string[];
  readonly faults: readonly string[];
  /** Digests of contents that the chain names. */
  readonly named: readonly Hex[];
  /** Digests of contents that honest members have put into the store, addresses apart. */
  readonly shown: readonly Hex[];
}

/** Where a task is played. */
export interface TaskPlace {
  readonly ground: LongGround;
  readonly plan: TaskPlan;
  /** Decides data, first model, batches. */
  readonly seed: number;
  readonly cacheFolder: string;
  /** Seconds since the run began. */
  seconds(): number;
  note(line: Line): void;
}

/** Plays it to its end; its members are closed then. */
export async function playTask(place: TaskPlace): Promise<TaskOutcome> {
  return new LongTask(place).play();
}

class LongTask {
  readonly #place: TaskPlace;
  readonly #fates: ReadonlyMap<string, Mortality>;
  readonly #lives = new Lives();
  readonly #faults = new Set<string>();
  #federation: LocalFederation | undefined;

  constructor(place: TaskPlace) {
    this.#place = place;
    this.#fates = new Map(
      honest.map((name) => [name, mortality((kill, at, torn) => this.#bringBack(kill, at, torn))]),
    );
  }

  async play(): Promise<TaskOutcome> {
    const { ground, plan, seed, cacheFolder } = this.#place;
    const { rounds, adversary } = plan;
    const federation = await assembleFederation(ground.ground(), {
      options: localOptions.parse({ preset, rounds, seed, ...company, threshold: 2, adversary: [adversary] }),
      cacheFolder,
      say: () => undefined,
      observe: (event) => {
        if (event.type === 'fault' && reasonOf(event.error) !== 'killed')
          this.#faults.add(reasonOf(event.error).split('\n\nVersion')[0]!);
      },
      disguise: (name): Disguise => {
        const fates = this.#fates.get(name);
        return fates ? mortal(fates) : {};
      },
    });
    this.#federation = federation;
    const { task, chain } = federation;
    try {
      await federation.start();
      await Promise.all([this.#untilFree(), this.#disturb()]);
      await readToEnd(chain);
      return {
        ...outcomeOf(federation),
        task,
        pledged: await this.#pledged(honest),
        faults: [...this.#faults],
        named: [...namedBy(chain.journal)].map((digest): Hex => `0x${digest}`),
        shown: [...this.#fates.values()].flatMap(({ shown }) =>
          Array.from(shown, (digest): Hex => `0x${digest}`),
        ),
      };
    } finally {
      await this.#lives.end();
      await federation.stop();
    }
  }

  /** Kills and outages as planned, and a sample after each round. */
  async #disturb(): Promise<void> {
    const { ground, plan, note, seconds } = this.#place;
    const { task } = this.#federation!;
    const sample = (round: number) => {
      const held = heldNow(join(ground.folder, 'state'));
      note({ is: 'round', task: plan.number, round, seconds: seconds(), ...held });
    };
    let latest = 0;
    const watched = { task, place: { deployment: ground.deployment } };
    await atEachPhase(watched, ground.url, async ({ round, phase }) => {
      latest = round;
      if (phase === 'support' && round > 1) sample(round - 1);
      const isNow = (moment: Kill | Outage) => moment.round === round && moment.phase === phase;
      for (const kill of plan.kills.filter(isNow)) this.#fates.get(kill.member)!.arm(kill);
      for (const outage of plan.outages.filter(isNow)) await this.#away(outage);
    });
    if (latest > 0) sample(latest);
  }

  async #away(outage: Outage): Promise<void> {
    const { ground, plan, note } = this.#place;
    let requests = 0;
    ground.provider.manner = () => {
      requests += 1;
      return outage.manner === 'refuses' ? { status: 503 } : 'stalls';
    };
    await sleep(outage.milliseconds);
    ground.provider.manner = () => undefined;
    note({ is: 'outage', task: plan.number, ...outage, requests });
  }

  /** Ends what is left of a member, and lets it begin again on what it has left behind. */
  #bringBack(kill: Kill, at: Effect, torn: Effect | undefined): void {
    const { ground, plan, note } = this.#place;
    const { trainers, validators, provers } = this.#federation!;
    const { member: name, fate, round, phase } = kill;
    note({ is: 'kill', task: plan.number, round, phase, member: name, fate, at: `${at.kind} ${at.name}` });
    const member = [...trainers, ...validators, ...provers].find(({ account }) => account.name === name)!;
    if (torn) {
      const folder =
        torn.kind === 'put' ? join(ground.folder, 'store', 'unfinished') : stateOf(ground.folder, name);
      writeFileSync(
        join(folder, `half.${plan.number}.${round}.${Date.now()}.unfinished`),
        'half of what was to b',
      );
    }
    this.#lives.bringBack(member);
  }

  /** Those of some members whose stake is pledged. */
  async #pledged(names?: readonly string[]): Promise<string[]> {
    const { chain, trainers, validators } = this.#federation!;
    const found: string[] = [];
    for (const { account } of [...trainers, ...validators]) {
      const { name, signer } = account;
      if (names && !names.includes(name)) continue;
      if ((await chain.pledgeOf(signer.address)) > 0n) found.push(name);
    }
    return found;
  }

  /** Waits for the end of the task, and then a while for all stake: appeals take a second. */
  async #untilFree(): Promise<void> {
    const { ground } = this.#place;
    const { task } = this.#federation!;
    let looks = 0;
    while (looks < patience) {
      await sleep(pause);
      this.#lives.check();
      const { status } = await readTask(ground.client, ground.deployment, task);
      if (status !== 'ended' && status !== 'cancelled') continue;
      looks += 1;
      const pledged = await this.#pledged().catch(() => undefined);
      if (pledged?.length === 0) return;
    }
  }
}
