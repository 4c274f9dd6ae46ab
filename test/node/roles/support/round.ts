// The world of a round, as roles meet it.
//
// Three trainers (members 0, 1 and 2) hold shares of a key that two of them can decrypt with; they made it
// themselves. Each has sealed an update and a probe of one chunk, the probes all of one group, and committed to it. All of this is real
// cryptography of the preset `tiny`, made once for all tests of a file. Only the chain is written down here:
// a journal in which the round stands in its Aggregate phase with everything accepted, totals as the contract
// would have added them, and a bulletin that the tests fill by `announceShares` and its like.
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
  type TaskChain,
} from '../../../../node/chain/index.ts';
import { identityOf, sealChunks, shareOf } from '../../../../node/cryptography/index.ts';
import {
  digestOf,
  epochId,
  probeSum,
  type Subject,
  subjectOf,
  subjects,
  topicOf,
  updateSum,
} from '../../../../node/protocol/index.ts';
import { RoundSums } from '../../../../node/roles/round/sums.ts';
import type { RoleContext } from '../../../../node/roles/runtime/context.ts';
import type { RoleStorage } from '../../../../node/roles/runtime/storage.ts';
import { type ContentStore, createFolderStore } from '../../../../node/store/index.ts';
import { cacheFolder } from '../../../cache_folder.ts';
import { plainStorage } from './plain_storage.ts';

const contract = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
const threshold = 2;

/** A role in the round. */
interface TestRole {
  /** The member whose account it has. */
  readonly member: number;
  /** What the role says is pushed to it. */
  readonly said?: string[];
  /** Empty unless given. */
  readonly storage?: RoleStorage;
}

/** A round in its Aggregate phase. */
export interface TestRound {
  readonly entry: Draft<RoundEntry>;
  readonly stage: Stage;
  readonly journal: Draft<Journal>;
  readonly store: ContentStore;
  readonly accounts: readonly Address[];
  readonly keys: readonly MemberKey[];
  /** Of each subject, the true sum's coordinates. */
  readonly sums: Readonly<Record<Subject, Int32Array>>;
  context(role: TestRole): RoleContext;
  /** A member's shares of both sums, made for a set and announced. */
  announceShares(shares: { readonly member: number; readonly set: readonly number[] }): Promise<void>;
  /** The shares of all members of a set, announced in the set's order. */
  announceSet(set: readonly number[]): Promise<void>;
  /** Any content, or the digest of content that is nowhere, announced as a member's shares. */
  announceContent(content: { readonly member: number; readonly content: Uint8Array | Hex }): Promise<void>;
  stop(): Promise<void>;
}

/** The parts that take their time, made once: keys, sealed chunks, sums. */
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
  const sums = {} as Record<Subject, Int32Array>;
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
    sums[subject] = own[0]!.map((_, j) => own.reduce((sum, each) => sum + each[j]!, 0));
    const blinding = blindingOf(
      (i) => sealed.reduce((sum, chunk) => sum + chunk.blinding[i]!, 0n) % fieldOrder,
    );
    const { commitment } = await prover.commit('aggregate', { coordinates: sums[subject], blinding });
    totals[subject] = commitment;
  }
  return { he, prover, accounts, keyShares, group, keys, contents, totals, sums };
})();

/** Makes a round of its own store and journal. @param secondsLeft of the phase's 1200. */
export async function makeRound({
  secondsLeft = () => 1200,
}: {
  readonly secondsLeft?: () => number;
} = {}): Promise<TestRound> {
  const { he, prover, accounts, keyShares, group, contents, totals, sums, ...made } = await making;
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
      submitted[subject].push({
        sender,
        sum: subject === 'update' ? updateSum : probeSum(0),
        weight: 1,
        digests: [await store.put(contents[subject][member]!)],
      });
  const entry = { number: 1, phase: 'aggregate', submitted, sums: new Map() } as unknown as Draft<RoundEntry>;
  const stage: Stage = {
    round: 1,
    phase: 'aggregate',
    get deadline() {
      return BigInt(Math.floor(Date.now() / 1000 + secondsLeft()));
    },
    weight: accounts.length,
    probes: accounts.length,
    sumsDue: [updateSum, probeSum(0)],
    sumsProven: [],
  };

  const announceContent: TestRound['announceContent'] = async ({ member, content }) => {
    const digest = typeof content === 'string' ? content : await store.put(content);
    journal.announcements.push({
      sender: accounts[member]!,
      topic: topicOf('decryption', 1),
      digest,
      block: 1n,
    });
  };

  const chainOf = (member: number) =>
    ({
      chainId: 31337,
      task: 1n,
      account: accounts[member]!,
      rounds: contract,
      marketplace: contract,
      journal,
      terms: async () => ({ threshold, aggregateDuration: 1200, submitDuration: 1200, commitDuration: 1200 }),
      state: async () => ({ status: 'running', epoch: 1, deadline: 0n }),
      stage: async () => stage,
      seat: async () => ({ standing: 'good' }),
      sumOf: async (sum: number) => totals[subjectOf(sum)]!,
      announce: async (_: string, __: number, digest: Hex) => announceContent({ member, content: digest }),
    }) as unknown as TaskChain;

  const context: TestRound['context'] = ({ member, said = [], storage = plainStorage() }) => ({
    name: `trainer ${member}`,
    chain: chainOf(member),
    store,
    storage,
    he,
    prover,
    observe: (event) => event.type === 'step' && said.push(event.text),
  });

  const announceShares: TestRound['announceShares'] = async ({ member, set }) => {
    const reader = new RoundSums(context({ member }), 1);
    const ciphertexts: Uint8Array[] = [];
    for (const sum of stage.sumsDue) ciphertexts.push(...(await reader.ciphertexts(entry, sum)));
    const content = shareOf({ he, key: keys[member]!, log: new DecryptionLog() }, { sums: ciphertexts, set });
    await announceContent({ member, content });
  };

  return {
    entry,
    stage,
    journal,
    store,
    accounts,
    keys,
    sums,
    context,
    announceShares,
    announceContent,
    async announceSet(set) {
      for (const member of set) await announceShares({ member, set });
    },
    async stop() {
      await store.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
