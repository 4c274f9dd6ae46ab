// A task through its first stages on a real chain: the journal, live and rebuilt; the views; calls made
// twice.

import { marketplaceAbi, roundsAbi } from '@murmuration/contracts';
import { createPublicClient, createWalletClient, custom, type Hex, http } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  connect,
  countTasks,
  createChainReader,
  createTaskChain,
  DeepReorganisation,
  readTask,
  type TaskChain,
} from '../../../node/chain/index.ts';
import { floodCode, floodGas } from '../../../node/demo/index.ts';
import { createSecretBox } from '../../../node/keystore/index.ts';
import { token, topicOf } from '../../../node/protocol/index.ts';
import { applyForSeat, bondUpTo } from '../../../node/roles/index.ts';
import { entropyOf } from '../../../node/roles/runtime/seeds.ts';
import { openPlaces, openSite, type Person, person, type Site, smallTask } from './fixture.ts';

let site: Site;
let planner: Person;
let members: Person[];
let task: bigint;
const chains = new Map<Person, TaskChain>();
const filled = (byte: number): Hex => `0x${byte.toString(16).padStart(2, '0').repeat(32)}`;
const member = ({ actions, account }: Person) => ({
  actions,
  signer: account,
  deployment: site.deployment,
  secretBox: createSecretBox(new Uint8Array(32).fill(account.address.charCodeAt(5))),
  places: openPlaces,
});

function chainOf({ sender }: Person, window = 2000): TaskChain {
  const { client, deployment } = site;
  return createTaskChain({
    reader: createChainReader({ client, deployment, follow: { confirmations: 0, window } }),
    sender,
    task,
    onTransaction: () => undefined,
  });
}

const isLog = (answer: unknown): answer is { readonly data: Hex; readonly transactionHash: Hex } =>
  answer !== null && typeof answer === 'object' && 'logIndex' in answer;

beforeAll(async () => {
  site = await openSite();
  planner = await person(site, 10);
  members = await Promise.all([11, 12, 13, 14].map((index) => person(site, index)));
  task = await planner.actions.post(smallTask);
  for (const each of [planner, ...members]) chains.set(each, chainOf(each));
});
afterAll(() => site?.anvil.stop());

const lineageOf = (round: bigint) =>
  site.client.readContract({
    address: site.deployment.rounds,
    abi: roundsAbi,
    functionName: 'lineageOf',
    args: [task, round],
  });
const live = () => chains.get(planner)!;
const of = (each: Person) => chains.get(each)!;

describe('a task on chain', () => {
  it('is read as it was posted', async () => {
    const posted = await readTask(site.client, site.deployment, task);
    expect(posted.parameters).toEqual(smallTask.parameters);
    expect(posted.economics).toEqual(smallTask.economics);
    expect(posted.rules).toEqual(smallTask.rules);
    expect(posted.deadlines).toEqual(smallTask.deadlines);
    expect(posted).toMatchObject({ planner: planner.account.address, status: 'open', epoch: 0 });
    expect(await countTasks(site.client, site.deployment)).toBe(1n);
    const { terms } = await site.client.readContract({
      address: site.deployment.marketplace,
      abi: marketplaceAbi,
      functionName: 'stateOf',
      args: [task],
    });
    const { origin, ...posting } = await planner.actions.posting(task);
    expect(posting.terms).toBe(terms);
    const { hash } = await site.client.getBlock({ blockNumber: origin.block });
    expect(origin.hash).toBe(hash);
    await expect(planner.actions.posting(5n)).rejects.toThrow('task 5: not posted on this deployment');
    await expect(readTask(site.client, site.deployment, 5n)).rejects.toThrow(
      'task 5: not posted on this deployment; it has 1 tasks',
    );
    expect(await live().terms()).toMatchObject({
      chunks: 2,
      threshold: 2,
      selector: 'leader',
      normBounds: { update: 96n * 3600n, probe: 96n * 1600n },
      aggregateDuration: 1200,
    });
  });

  it('is applied for once, and stake is bonded once, however often it is tried', async () => {
    const [first] = members as [Person];
    // Killed between bond and application.
    await bondUpTo(first.actions, 40n * token);
    expect(await applyForSeat(member(first), { task, role: 'trainer', stake: 40n * token })).toBe(true);
    expect(await applyForSeat(member(first), { task, role: 'trainer', stake: 40n * token })).toBe(false);
    expect(await first.actions.stake()).toMatchObject({ bonded: 40n * token, free: 0n });
    expect(await first.actions.seat(task)).toEqual({
      role: 'trainer',
      weight: 1,
      removed: false,
      pledged: 40n * token,
      entropy: entropyOf(member(first), { task, ...(await first.actions.posting(task)) }).entropy,
    });
    await applyForSeat(member(members[1]!), { task, role: 'trainer', stake: 40n * token });
    for (const validator of members.slice(2))
      await applyForSeat(member(validator), { task, role: 'validator', stake: 40n * token });
  });

  it('grows a journal that equals the one rebuilt from its logs', async () => {
    await live().refresh();
    expect(await live().state()).toMatchObject({ status: 'open', epoch: 0 });
    expect(await of(members[0]!).advance()).toBe(false);
    expect(await live().advance()).toBe(true);
    const accounts = members.map(({ account }) => account.address);
    for (const [index, each] of members.entries()) {
      await live().refresh();
      const keys = {
        peer: filled(index + 1),
        sealingKey: filled(index + 5),
        keyShare: index < 2 ? filled(index + 9) : filled(0),
      };
      await of(each).registerKeys(1, keys);
      // A process that was killed before it heard of it.
      await of(each).registerKeys(1, keys);
      if (index < 2) {
        await of(each).deal(1, filled(index + 20));
        await of(each).deal(1, filled(index + 20));
      }
    }
    await live().refresh();
    const epoch = live().journal.epochs.get(1)!;
    expect(epoch.trainers).toEqual(accounts.slice(0, 2));
    expect(epoch.validators).toEqual(accounts.slice(2));
    expect([...epoch.keys.keys()]).toEqual(accounts);
    expect(epoch.keys.get(accounts[1]!)!.keyShare).toBe(filled(10));

    for (const each of members.slice(0, 2)) {
      await of(each).confirmKey(1, filled(99));
      await of(each).confirmKey(1, filled(99));
    }
    expect(await live().advance()).toBe(true);
    await live().refresh();
    expect(live().journal.collectiveKey).toBe(filled(99));
    const round = live().journal.rounds[0]!;
    expect(round).toMatchObject({
      number: 1,
      index: 0,
      model: filled(0x22),
      scale: 1n << 40n,
      phase: 'support',
      outcome: 'pending',
    });
    const leader = members.find(({ account }) => account.address === round.leader)!;
    await of(leader).propose(1, filled(50));
    await of(leader).propose(1, filled(50));
    expect(await live().advance()).toBe(true);
    await live().refresh();
    expect(live().journal.rounds[0]).toMatchObject({
      phase: 'submit',
      proposals: [{ proposer: leader.account.address, digest: filled(50) }],
    });
    expect(await live().stage()).toMatchObject({ round: 1, phase: 'submit', weight: 0 });
    const made = await live().timeOf(live().height - 1n);
    expect(made).toBeGreaterThan(0n);
    expect(await live().timeOf(live().height - 1n)).toBe(made);
    // Of the next block, though none is being made until somebody sends something.
    expect(await live().time()).toBeGreaterThanOrEqual(made);
    const { basis } = await lineageOf(1n);
    expect(live().journal.rounds[0]!.basis).toBe(basis);
    expect(await live().seat(leader.account.address)).toMatchObject({
      standing: 'good',
      proposedIn: 1,
      submittedIn: 0,
    });

    for (const window of [1, 7, 2000]) {
      const rebuilt = chainOf(planner, window);
      await rebuilt.refresh();
      expect(rebuilt.journal).toEqual(live().journal);
    }
  });

  it('passes over the logs of other tasks', async () => {
    const other = await planner.actions.post(smallTask);
    await chainOf(planner).refresh();
    const { client, deployment } = site;
    const { sender } = await connect({ url: site.anvil.url, deployment }, planner.account);
    const settings = {
      reader: createChainReader({ client, deployment, follow: { confirmations: 0, window: 50 } }),
      sender,
      task: other,
      onTransaction: () => undefined,
    };
    const chain = createTaskChain(settings);
    await chain.refresh();
    expect(chain.journal.announcements).toEqual([]);
    expect(chain.journal.epochs.size).toBe(0);
  });

  it('asks for posts of members alone: a stranger can post as much as it likes', async () => {
    const { anvil, deployment } = site;
    const answers: unknown[] = [];
    const listening = createPublicClient({
      transport: custom({
        async request(asked: { method: string; params: unknown[] }) {
          const answer = await site.rpc(asked.method, ...asked.params);
          answers.push(answer);
          return answer;
        },
      }),
      cacheTime: 0,
    });
    const chain = createTaskChain({
      reader: createChainReader({
        client: listening,
        deployment,
        follow: { confirmations: 0, window: 2000 },
      }),
      sender: planner.sender,
      task,
      onTransaction: () => undefined,
    });
    await chain.refresh();
    const before = chain.journal.announcements.length;
    const flood = { bulletin: deployment.bulletin, task, topic: topicOf('peer', 0), count: 300 };
    const stranger = await person(site, 15);
    const wallet = createWalletClient({ account: stranger.account, transport: http(anvil.url) });
    const from = await site.client.getBlockNumber({ cacheTime: 0 });
    const gas = floodGas(flood.count);
    const hash = await wallet.sendTransaction({ data: floodCode(flood), gas, chain: null });
    await site.client.waitForTransactionReceipt({ hash });
    const posted = await site.client.getLogs({ address: deployment.bulletin, fromBlock: from + 1n });
    expect(posted).toHaveLength(300);
    expect(new Set(posted.map(({ topics }) => topics[3]))).toEqual(new Set([flood.topic]));
    const own = filled(59);
    await of(members[0]!).announce('self-test', 1, own);
    answers.length = 0;
    await chain.refresh();
    expect(chain.journal.announcements).toHaveLength(before + 1);
    const logs = answers.flat().filter((each) => isLog(each));
    expect(logs.map(({ data }) => data)).toContain(own);
    expect(logs.filter(({ transactionHash }) => transactionHash === hash)).toEqual([]);
  });

  it('rebuilds the journal after a reorganisation that is too deep', async () => {
    const chain = chainOf(planner);
    const snapshot = await site.rpc('evm_snapshot');
    await of(members[0]!).announce('peer', 0, filled(60));
    await chain.refresh();
    await site.rpc('evm_revert', snapshot);
    await of(members[0]!).announce('peer', 0, filled(61));
    await expect(chain.refresh()).rejects.toBeInstanceOf(DeepReorganisation);
    await chain.refresh();
    const digests = chain.journal.announcements
      .filter(({ topic }) => topic === topicOf('peer', 0))
      .map(({ digest }) => digest);
    expect(digests).toEqual([filled(61)]);
  });
});
