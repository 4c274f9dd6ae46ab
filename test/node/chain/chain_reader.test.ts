// A chain that several accounts of one process read together: for all of them as few requests as for one, and none
// of them sees less than it would alone.
import { createPublicClient, custom, type EIP1193RequestFn, type Hex } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type ChainReader,
  connect,
  createActions,
  createChainReader,
  createTaskChain,
  DeepReorganisation,
  type TaskChain,
} from '../../../node/chain/index.ts';
import { createSecretBox } from '../../../node/keystore/index.ts';
import { token, topicOf } from '../../../node/protocol/index.ts';
import { applyForSeat } from '../../../node/roles/index.ts';
import { openPlaces, openSite, type Person, person, type Site, smallTask } from './fixture.ts';

let site: Site;
let planner: Person;
let members: Person[];
let task: bigint;
let requests = 0;
const filled = (byte: number): Hex => `0x${byte.toString(16).padStart(2, '0').repeat(32)}`;
/** Longer than any test: without what outdates it, a look would serve for ever. */
const fresh = 600_000;

beforeAll(async () => {
  site = await openSite();
  planner = await person(site, 10);
  members = await Promise.all([11, 12, 13, 14].map((index) => person(site, index)));
  task = await planner.actions.post(smallTask);
  for (const [index, { actions, account }] of members.entries()) {
    const role = index < 2 ? 'trainer' : 'validator';
    const secretBox = createSecretBox(new Uint8Array(32).fill(index + 1));
    const member = {
      actions,
      signer: account,
      deployment: site.deployment,
      secretBox,
      places: openPlaces,
    };
    await applyForSeat(member, { task, role, stake: 40n * token });
  }
});
afterAll(() => site?.anvil.stop());

function openReader(freshFor: number, delay?: (method: string) => Promise<void>): ChainReader {
  const request = (async (args: { method: string }) => {
    requests++;
    const answer = await site.client.request(args as never);
    await delay?.(args.method);
    return answer;
  }) as EIP1193RequestFn;
  const client = createPublicClient({ transport: custom({ request }), cacheTime: 0, pollingInterval: 20 });
  const follow = { confirmations: 0, window: 2000 };
  return createChainReader({ client, deployment: site.deployment, follow, freshFor });
}

/** The task as a person sees it who reads with others. */
async function chainOf({ account }: Person, reader: ChainReader): Promise<TaskChain> {
  const { anvil, deployment } = site;
  const settings = { gasHeadroom: 30, receiptTimeout: 10_000 };
  const { sender } = await connect({ url: anvil.url, deployment, settings, reader }, account);
  return createTaskChain({ reader, sender, task, onTransaction: () => undefined });
}

/** The planner, who may begin with the seats taken, and a member. */
const both = (reader: ChainReader): Promise<[TaskChain, TaskChain]> =>
  Promise.all([chainOf(planner, reader), chainOf(members[0]!, reader)]);

it('asks for all of them no more than for one', async () => {
  const look = async (chain: TaskChain) => {
    await chain.refresh();
    return [await chain.state(), await chain.stage(), await chain.seat(planner.account.address)];
  };
  const counted = async (people: Person[]) => {
    const reader = openReader(fresh);
    const chains = await Promise.all(people.map((each) => chainOf(each, reader)));
    const before = requests;
    const answers = await Promise.all(chains.map(look));
    expect(new Set(answers.map((each) => JSON.stringify(each, (_, value) => String(value)))).size).toBe(1);
    // One after the other as well.
    for (const chain of chains) await look(chain);
    return requests - before;
  };
  expect(await counted(members)).toBe(await counted(members.slice(0, 1)));
});

it('shows who has just sent a transaction what became of it, however fresh the look before is', async () => {
  const reader = openReader(fresh);
  const [ada, ben] = await both(reader);
  await ada.refresh();
  expect((await ada.state()).status).toBe('open');
  expect(await ada.advance()).toBe(true);
  expect((await ada.state()).status).toBe('keying');
  await ada.refresh();
  expect(ada.journal.epochs.size).toBe(1);
  expect((await ben.state()).status).toBe('keying');
});

it('does not give who has sent a transaction a reading that was begun before', async () => {
  const held = Promise.withResolvers<void>();
  let holding = false;
  const reader = openReader(fresh, async (method) => {
    if (holding && method === 'eth_getLogs') {
      holding = false;
      await held.promise;
    }
  });
  const [ada, ben] = await both(reader);
  holding = true;
  const slow = ada.refresh();
  while (holding) await new Promise((end) => setTimeout(end, 5));
  await ben.announce('peer', 0, filled(7));
  const own = ben.refresh();
  held.resolve();
  await Promise.all([slow, own]);
  expect(ben.journal.announcements.map(({ digest }) => digest)).toContain(filled(7));
});

it('goes on where one of them is refused: its failure is its own', async () => {
  const reader = openReader(fresh);
  const [ada, ben] = await both(reader);
  const { sender } = await connect(
    { url: site.anvil.url, deployment: site.deployment, reader },
    planner.account,
  );
  const actions = createActions({ client: reader.client, sender, deployment: site.deployment });
  await expect(actions.cancel(99n)).rejects.toMatchObject({ error: 'TaskUnknown' });
  await Promise.all([ada.refresh(), ben.refresh()]);
  expect(ada.journal).toBe(ben.journal);
});

it('rebuilds the shared journal once after a reorganisation, for all of them', async () => {
  const reader = openReader(0);
  const [ada, ben] = await both(reader);
  const snapshot = await site.rpc('evm_snapshot');
  await ben.announce('peer', 0, filled(60));
  await ada.refresh();
  await site.rpc('evm_revert', snapshot);
  await chainOf(members[0]!, openReader(0)).then((other) => other.announce('peer', 0, filled(61)));
  const looks = await Promise.allSettled([ada.refresh(), ben.refresh()]);
  for (const look of looks)
    expect(look).toMatchObject({ status: 'rejected', reason: expect.any(DeepReorganisation) });
  await Promise.all([ada.refresh(), ben.refresh()]);
  for (const { journal } of [ada, ben]) {
    const peers = journal.announcements.filter(({ topic }) => topic === topicOf('peer', 0));
    expect(peers.map(({ digest }) => digest)).toContain(filled(61));
    expect(peers.map(({ digest }) => digest)).not.toContain(filled(60));
  }
});

it('gives views of a block that has been replaced to nobody', async () => {
  const reader = openReader(0);
  const ada = await chainOf(members[0]!, reader);
  const before = await ada.state();
  const snapshot = await site.rpc('evm_snapshot');
  expect(before.status).toBe('keying');
  await site.rpc('anvil_mine', '0x1');
  await ada.state();
  await site.rpc('evm_revert', snapshot);
  await site.rpc('evm_increaseTime', 1_000_000);
  await site.rpc('anvil_mine', '0x1');
  expect(await ada.advance()).toBe(true);
  expect((await ada.state()).status).not.toBe('keying');
});
