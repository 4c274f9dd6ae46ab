// The world of a round, as roles meet it.
//
// Trainers (members 0, 1 and 2, unless a test wants more) hold shares of a key that some of them can decrypt
// with; they made it themselves. Each has sealed an update and a probe of one chunk, the probes all of one group,
// and committed to it. All of this is real cryptography of the preset `tiny`, made once for all tests of a file.
// Only the chain is written down here: a journal in which the round stands in its Aggregate phase with everything
// accepted, totals as the contract would have added them, and a bulletin that the tests fill by `announceShares`
// and its like.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blindingOf, fieldOrder } from '@murmuration/core';
import { createHe, DecryptionLog, type KeyGroup, type MemberKey } from '@murmuration/he';
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
import { identityOf, jointShareOf, sealChunks, shareOf } from '../../../../node/cryptography/index.ts';
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

/** A role in the round. */
interface TestRole {
  /** The member whose account it has. */
  readonly member: number;
  /** What the role says is pushed to it. */
  readonly said?: string[];
  /** Empty unless given. */
  readonly storage?: RoleStorage;
}

/** How many members hold the key, and how many of them decrypt. */
interface Shape {
  readonly members: number;
  readonly threshold: number;
}

/** A round in its Aggregate phase. */
export interface TestRound {
  readonly entry: Draft<RoundEntry>;
  readonly stage: Stage;
  /** How many members hold the key, and how many decrypt. */
  readonly shape: Shape;
  readonly journal: Draft<Journal>;
  readonly store: ContentStore;
  readonly accounts: readonly Address[];
  readonly keys: readonly MemberKey[];
  /** Of each subject, the true sum's coordinates. */
  readonly sums: Readonly<Record<Subject, Int32Array>>;
  context(role: TestRole): RoleContext;
  /** What a member's joint shares of both sums are. */
  jointShares(member: number): Promise<Uint8Array>;
  /** What a member's shares of both sums for a set are. */
  setShares(member: number, set: readonly number[]): Promise<Uint8Array>;
  /** Goes on to the next round, of the same members. */
  next(): Promise<void>;
  /** A member's shares of both sums, made for a set and announced; joint ones where the group gives such. */
  announceShares(shares: { readonly member: number; readonly set: readonly number[] }): Promise<void>;
  /** The shares of all members of a set, announced in the set's order. */
  announceSet(set: readonly number[]): Promise<void>;
  /** Any content, or the digest of content that is nowhere, announced as a member's shares. */
  announceContent(content: { readonly member: number; readonly content: Uint8Array | Hex }): Promise<void>;
  stop(): Promise<void>;
}

/** Of the phases, in seconds. */
const durations = {
  submitDuration: 1200,
  inspectDuration: 1200,
  aggregateDuration: 1200,
  commitDuration: 1200,
};

/** Encryption and proofs, which all rounds share. */
export const tools = (async () => {
  const he = await createHe('tiny');
  const keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
  return { he, prover: createProver(keys, createBackend({ name: 'snarkjs' })) };
})();

const made = new Map<string, ReturnType<typeof makeKeys>>();
const keysOf = ({ members, threshold }: Shape) => {
  const name = `${members}/${threshold}`;
  if (!made.has(name)) made.set(name, makeKeys({ members, threshold }));
  return made.get(name)!;
};

/** The parts that take their time, made once for a shape: keys, and what a round's members send. */
async function makeKeys({ members: count, threshold }: Shape) {
  const { he } = await tools;
  const accounts = Array.from({ length: count }, (_, i) =>
    privateKeyToAddress(`0x${String(i + 1).padStart(64, '0')}`),
  );

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
  const submissions = new Map<number, ReturnType<typeof makeSubmissions>>();
  return {
    accounts,
    keyShares,
    group,
    keys,
    submissionsOf(round: number) {
      if (!submissions.has(round)) submissions.set(round, makeSubmissions({ accounts, group, round }));
      return submissions.get(round)!;
    },
  };
}

/** Whose submissions of which round are made. */
interface Submitting {
  readonly accounts: readonly Address[];
  readonly group: KeyGroup;
  readonly round: number;
}

/** The sealed chunks of a round, and their sums. */
async function makeSubmissions({ accounts, group, round }: Submitting) {
  const { he, prover } = await tools;
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
      const binding = { subject, chainId: 31337, contract, task: 1n, round, sender } as const;
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
  return { contents, totals, sums };
}

/** What a test wants of a round. */
interface RoundOptions {
  /** Of the phase's 1200. */
  readonly secondsLeft?: () => number;
  readonly shape?: Shape;
  /** Whether the members decrypt in sets, as those of a large group do. */
  readonly inSets?: boolean;
}

/** Makes a round of its own store and journal. */
export async function makeRound({
  secondsLeft = () => 1200,
  shape = { members: 3, threshold: 2 },
  inSets = false,
}: RoundOptions = {}): Promise<TestRound> {
  const { he: whole, prover } = await tools;
  const he = inSets ? { ...whole, jointKeys: () => 0 } : whole;
  const { accounts, keyShares, group, submissionsOf, ...own } = await keysOf(shape);
  const { threshold } = shape;
  const keys = [...own.keys];
  let { contents, totals, sums } = await submissionsOf(1);
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
  const submit = async () => {
    const submitted: Draft<RoundEntry>['submitted'] = { update: [], probe: [] };
    for (const subject of subjects)
      for (const [member, sender] of accounts.entries())
        submitted[subject].push({
          sender,
          sum: subject === 'update' ? updateSum : probeSum(0),
          weight: 1,
          commitments: [],
          digests: [await store.put(contents[subject][member]!)],
        });
    return submitted;
  };
  const entry = {
    number: 1,
    phase: 'aggregate',
    deadline: BigInt(Math.floor(Date.now() / 1000 + secondsLeft())),
    submitted: await submit(),
    sums: new Map(),
  } as unknown as Draft<RoundEntry>;
  journal.rounds.push(entry);
  const stage: Stage = {
    get round() {
      return entry.number;
    },
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
      topic: topicOf('decryption', entry.number),
      digest,
      block: BigInt(1200 - secondsLeft()),
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
      terms: async () => ({ threshold, ...durations }),
      state: async () => ({ status: 'running', epoch: 1, deadline: 0n }),
      stage: async () => stage,
      seat: async () => ({ standing: 'good' }),
      time: async () => BigInt(Math.floor(Date.now() / 1000)),
      timeOf: async (block: bigint) => stage.deadline - 1200n + block,
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

  const sharesOf = async (member: number, set?: readonly number[]) => {
    const reader = new RoundSums(context({ member }), 1);
    const ciphertexts: Uint8Array[] = [];
    for (const sum of stage.sumsDue) ciphertexts.push(...(await reader.ciphertexts(entry, sum)));
    const key = keys[member]!;
    const content = set
      ? shareOf({ he, key, log: new DecryptionLog() }, { sums: ciphertexts, set })
      : jointShareOf({ he, key }, ciphertexts);
    return content;
  };
  const announceShares: TestRound['announceShares'] = async ({ member, set }) =>
    announceContent({
      member,
      content: await sharesOf(member, he.jointKeys(group) > 0 ? undefined : set),
    });

  return {
    entry,
    stage,
    shape,
    journal,
    store,
    accounts,
    keys,
    get sums() {
      return sums;
    },
    context,
    jointShares: (member) => sharesOf(member),
    setShares: sharesOf,
    async next() {
      const number = entry.number + 1;
      journal.rounds.splice(-1, 1, { ...entry });
      ({ contents, totals, sums } = await submissionsOf(number));
      Object.assign(entry, { number, submitted: await submit() });
      journal.rounds.push(entry);
    },
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
