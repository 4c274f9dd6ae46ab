// A round as roles meet it: three trainers with a key of their own making, their updates and probes sealed
// and committed to, all of it real; what the contract would say of it is written down here.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blindingOf, fieldOrder } from '@murmuration/core';
import { createHe, DecryptionLog, type MemberKey } from '@murmuration/he';
import {
  createBackend,
  createProver,
  ensureDevelopmentKeys,
  type G1Point,
  presets,
} from '@murmuration/prover';
import { type Address, bytesToHex, type Hex } from 'viem';
import { privateKeyToAddress } from 'viem/accounts';
import {
  type Draft,
  emptyJournal,
  type Journal,
  type RoundEntry,
  type Stage,
  type Subject,
  subjects,
  type TaskChain,
} from '../../../../node/chain/index.ts';
import { identityOf, sealChunks, shareOf } from '../../../../node/cryptography/index.ts';
import { digestOf, epochId, topicOf } from '../../../../node/protocol/index.ts';
import { RoundSums } from '../../../../node/roles/round/sums.ts';
import type { RoleContext } from '../../../../node/roles/runtime/context.ts';
import type { RoleStorage } from '../../../../node/roles/runtime/storage.ts';
import { type ContentStore, createFolderStore } from '../../../../node/store/index.ts';
import { cacheFolder } from '../../../cache_folder.ts';
import { plainStorage } from './plain_storage.ts';

const contract = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
const threshold = 2;

export interface TestRound {
  readonly entry: Draft<RoundEntry>;
  readonly stage: Stage;
  readonly journal: Draft<Journal>;
  readonly store: ContentStore;
  readonly accounts: readonly Address[];
  readonly keys: readonly MemberKey[];
  /** Coordinates of the true sum of each subject. */
  readonly coordinates: Record<'update' | 'probe', Int32Array>;
  /** A role of the account, that remembers in `memory`; what it says is pushed to `said`. */
  context(account: number, said?: string[], storage?: RoleStorage): RoleContext;
  /** A member's shares of both sums for a set, announced. */
  announce(member: number, set: readonly number[]): Promise<void>;
  /** Announces any content as a member's shares. */
  post(member: number, content: Uint8Array | Hex): Promise<void>;
  stop(): Promise<void>;
}

/** What takes its time, made once: keys, sealed chunks, sums. */
const making = (async () => {
  const he = await createHe('tiny');
  const prover = createProver(
    await ensureDevelopmentKeys('tiny', { cacheFolder }),
    createBackend({ name: 'snarkjs' }),
  );
  const accounts = [1, 2, 3].map((n) => privateKeyToAddress(`0x${String(n).repeat(64)}`));

  const epoch = epochId({ chainId: 31337, marketplace: contract, task: 1n, number: 1 });
  const parties = accounts.map((account) => he.createParty(epoch, identityOf(account)));
  const keyShares = parties.map((party) => he.keyShare(party));
  const members = parties.map(({ identity }, index) => ({
    identity,
    digest: Buffer.from(digestOf(keyShares[index]!).slice(2), 'hex'),
  }));
  const group = he.formKeyGroup({ epoch, threshold, members, keyShares });
  const dealt = parties.map((party) => he.dealShares(party, group));
  const keys = parties.map((party, to) =>
    he.finishKey({ party, group, sealed: dealt.map((shares) => shares[to]!) }),
  );

  const contents = {} as Record<Subject, Uint8Array[]>;
  const totals = {} as Record<Subject, G1Point>;
  const coordinates = {} as Record<Subject, Int32Array>;
  for (const [at, subject] of subjects.entries()) {
    const own = accounts.map((_, member) =>
      Int32Array.from(
        { length: presets.tiny.coordinatesPerChunk },
        (_, j) => ((j * (member + 3 + at)) % 255) - 127,
      ),
    );
    const sealed = accounts.map((sender, member) => {
      const binding = { subject, chainId: 31337, contract, task: 1n, round: 1, sender } as const;
      return sealChunks({ he, group }, { binding, chunks: [own[member]!] })[0]!;
    });
    contents[subject] = sealed.map(({ content }) => content);
    coordinates[subject] = own[0]!.map((_, j) => own.reduce((sum, each) => sum + each[j]!, 0));
    const blinding = blindingOf(
      (i) => sealed.reduce((sum, chunk) => sum + chunk.blinding[i]!, 0n) % fieldOrder,
    );
    const { commitment } = await prover.commit('aggregate', { coordinates: coordinates[subject], blinding });
    totals[subject] = commitment;
  }
  return { he, prover, accounts, keyShares, group, keys, contents, totals, coordinates };
})();

/** A round in its Aggregate phase; `phaseLeft` tells the seconds that are left of it, of 1200. */
export async function makeRound(phaseLeft: () => number = () => 1200): Promise<TestRound> {
  const { he, prover, accounts, keyShares, group, contents, totals, coordinates, ...made } = await making;
  const keys = [...made.keys];
  const folder = mkdtempSync(join(tmpdir(), 'round-'));
  const store = createFolderStore(folder);
  await store.start();
  for (const share of keyShares) await store.put(share);

  const journal = emptyJournal();
  const registered = accounts.map(
    (account, index) =>
      [account, { peer: '0x00', sealingKey: '0x00', keyShare: digestOf(keyShares[index]!) }] as const,
  );
  journal.epochs.set(1, {
    trainers: [...accounts],
    validators: [],
    keys: new Map(registered),
    confirmed: new Map(),
  });
  journal.collectiveKey = bytesToHex(group.id);
  const submitted: Draft<RoundEntry>['submitted'] = { update: [], probe: [] };
  for (const subject of subjects)
    for (const [member, sender] of accounts.entries())
      submitted[subject].push({ sender, weight: 1, digests: [await store.put(contents[subject][member]!)] });
  const entry = { number: 1, phase: 'aggregate', submitted, sums: {} } as unknown as Draft<RoundEntry>;
  const stage: Stage = {
    round: 1,
    phase: 'aggregate',
    get deadline() {
      return BigInt(Math.floor(Date.now() / 1000 + phaseLeft()));
    },
    weight: accounts.length,
    probes: accounts.length,
    proven: { update: false, probe: false },
  };

  async function post(member: number, content: Uint8Array | Hex): Promise<void> {
    const digest = typeof content === 'string' ? content : await store.put(content);
    journal.announcements.push({
      sender: accounts[member]!,
      topic: topicOf('decryption', 1),
      digest,
      block: 1n,
    });
  }

  const chainOf = (account: number) =>
    ({
      chainId: 31337,
      task: 1n,
      account: accounts[account]!,
      rounds: contract,
      marketplace: contract,
      journal,
      terms: async () => ({ threshold, aggregateDuration: 1200, submitDuration: 1200 }),
      state: async () => ({ status: 'running', epoch: 1, deadline: 0n }),
      stage: async () => stage,
      seat: async () => ({ standing: 'good' }),
      sumOf: async (subject: Subject) => totals[subject]!,
      announce: async (_: string, __: number, digest: Hex) => post(account, digest),
    }) as unknown as TaskChain;

  const context: TestRound['context'] = (account, said = [], storage = plainStorage()) => ({
    name: `trainer ${account}`,
    chain: chainOf(account),
    store,
    storage,
    he,
    prover,
    observe: (event) => event.type === 'step' && said.push(event.text),
  });

  return {
    entry,
    stage,
    journal,
    store,
    accounts,
    keys,
    coordinates,
    context,
    post,
    async announce(member, set) {
      const sums = new RoundSums(context(member), 1);
      const ciphertexts: Uint8Array[] = [];
      for (const subject of subjects) ciphertexts.push(...(await sums.ciphertexts(entry, subject)));
      await post(
        member,
        shareOf({ he, key: keys[member]!, log: new DecryptionLog() }, { sums: ciphertexts, set }),
      );
    },
    async stop() {
      await store.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
