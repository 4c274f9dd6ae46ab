// The example: a development chain of the desk's own, with a federation whose first seat is free.
import { join } from 'node:path';
import type { Deployment } from '@murmuration/contracts';
import { type Address, parseEther } from 'viem';
import type { DemoPreset } from '../../demo/index.ts';
import {
  type FreeSeat,
  fund,
  type LocalInput,
  memberStake,
  openPersistentFederation,
  type PersistentFederation,
} from '../../local/index.ts';

/**
 * Few enough that it begins at once, and enough that all of it shows: three groups of validators, a left-handed trainer.
 * A phase is long enough for a slow machine, and short enough to wait for where somebody stops in the middle.
 */
const options = { scenario: 'digits', trainers: 4, phase: 300, freeSeat: true } as const satisfies LocalInput;

/** A running example. */
export interface Example {
  /** Of the chain's JSON-RPC. */
  readonly rpc: string;
  readonly deployment: Deployment;
  /** Where all of it is kept. */
  readonly home: string;
  /** The free seat of the example's task, its account with play money for it, and what it pledges. */
  readonly free: FreeSeat & {
    readonly task: bigint;
    readonly stake: bigint;
    /** The trainer whose digits are mirrored. */
    readonly leftHanded: Address;
  };
  stop(): Promise<void>;
}

/** Where an example lies, and who hears of it. */
export interface ExampleSettings {
  /** The desk's own. */
  readonly home: string;
  readonly preset: DemoPreset;
  readonly cache: string;
  readonly say: (text: string) => void;
}

/** Begins an example, or goes on with the one that is there. */
export async function openExample({ preset, cache, say, ...settings }: ExampleSettings): Promise<Example> {
  const home = join(settings.home, 'example');
  const federation = await openPersistentFederation({ ...options, preset }, home, {
    cacheFolder: cache,
    say,
    observe: () => undefined,
  });
  try {
    const { url, deployment, task } = federation;
    const free = federation.free!;
    const { address } = free.account.account;
    const ether = await federation.client.getBalance({ address });
    if (ether === 0n)
      await fund({ url, deployment }, { to: address, ether: parseEther('10'), tokens: memberStake });
    say('the other members start');
    await federation.start();
    return {
      rpc: url,
      deployment,
      home,
      free: { ...free, task, stake: memberStake, leftHanded: leftHandedOf(federation) },
      stop: () => federation.stop(),
    };
  } catch (error) {
    await federation.stop();
    throw error;
  }
}

/** Digits are mirrored at the last trainer. */
function leftHandedOf({ trainers }: PersistentFederation): Address {
  const last = trainers.findLast(({ kind }) => kind === 'mirrored');
  if (last) return last.account.signer.address;
  throw new Error('the example has no left-handed trainer');
}
