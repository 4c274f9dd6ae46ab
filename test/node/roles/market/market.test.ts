// The prover of a whole marketplace: which sums it takes and in which order, what it says of the others and how often,
// and how much it asks of the chain, however many tasks there are.
import { type Address, parseEther } from 'viem';
import { afterEach, expect, it } from 'vitest';
import {
  type Draft,
  emptyJournal,
  KnownInvalid,
  type MarketReader,
  type OpenTask,
  type RoundEntry,
  type TaskChain,
} from '../../../../node/chain/index.ts';
import { NodeError } from '../../../../node/errors.ts';
import { createMarketProver, type MarketSettings } from '../../../../node/roles/market/market.ts';
import type { SumOutcome, SumTry } from '../../../../node/roles/round/sum_try.ts';
import type { Startable } from '../../../../node/roles/runtime/loop.ts';
import type { RoleEvent } from '../../../../node/roles/runtime/observer.ts';
import { smallTask } from '../../chain/fixture.ts';

const account: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
const rival: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512';
const token = 10n ** 18n;
/** At 1 gwei and one ether a token, a sum of one chunk costs 0.000415 tokens. */
const gwei = 10n ** 9n;
/** Years before this machine's clock, which must not matter. */
const chainTime = 1_000_000_000n;

type TaskDraft = { -readonly [Field in keyof OpenTask]: OpenTask[Field] };
let running: Startable | undefined;
afterEach(() => running?.stop());

/** A marketplace that is written down here, a prover in it, and what both did. */
function world(settings: Partial<MarketSettings> = {}) {
  const tasks = new Map<bigint, TaskDraft>();
  const state = { height: 0n, gasPrice: gwei, stake: 100n * token, requests: 0, opened: [] as bigint[] };
  const tries: string[] = [];
  const events: RoleEvent[] = [];
  const pushed: bigint[] = [];
  /** What `advance` would take. */
  const pushGas = new Map<bigint, bigint>();
  let answer: (attempt: SumTry, task: bigint) => Promise<SumOutcome> = async () => ({ how: 'closed' });
  const market = {
    tasks,
    get height() {
      return state.height;
    },
    refresh: async () => void state.requests++,
  } as unknown as MarketReader;
  const counted =
    <T>(give: () => T) =>
    async () => {
      state.requests++;
      return give();
    };
  running = createMarketProver({
    account,
    market,
    chain: (task) =>
      ({
        gasToAdvance: counted(() => pushGas.get(task)),
        async advance() {
          pushed.push(task);
          pushGas.delete(task);
          return true;
        },
      }) as unknown as TaskChain,
    async prover({ task }) {
      state.opened.push(task);
      return {
        async prove(attempt) {
          tries.push(`${task}/${attempt.entry.number}/${attempt.sum}`);
          const { promise, reject } = Promise.withResolvers<never>();
          attempt.signal.addEventListener('abort', () => reject(attempt.signal.reason));
          return Promise.race([answer(attempt, task), promise]);
        },
      };
    },
    time: async () => chainTime,
    gasPrice: counted(() => state.gasPrice),
    freeStake: counted(() => state.stake),
    check: async () => undefined,
    tokenPrice: parseEther('1'),
    floor: 0n,
    atOnce: 4,
    amount: (amount) => `${Number(amount) / 1e18}`,
    observe: (event) => events.push(event),
    interval: 5,
    ...settings,
  });
  return {
    tasks,
    state,
    tries,
    events,
    pushed,
    pushGas,
    answerWith(give: typeof answer) {
      answer = give;
    },
    /** A running task; its round is in the Aggregate phase unless told. */
    post(task: bigint, proverFee: bigint, phase: RoundEntry['phase'] = 'aggregate') {
      const both = [1, 2].map(() => ({ sender: rival, sum: 0, weight: 1, digests: [] }));
      const entry = {
        number: 1,
        phase,
        deadline: chainTime + 600n,
        submitted: { update: both, probe: [] },
        sums: new Map(),
      } as unknown as Draft<RoundEntry>;
      const journal = { ...emptyJournal(), rounds: [entry] };
      const economics = { ...smallTask.economics, proverFee, failedSum: 2n * token };
      const parameters = { ...smallTask.parameters, chunks: 1 };
      tasks.set(task, { task, parameters, economics, status: 'running', deadline: 0n, journal, logs: 1 });
      return entry;
    },
    start: () => running!.start(),
    /** A new block, and looks enough to see it. */
    async block() {
      state.height++;
      const before = state.requests;
      while (state.requests < before + 3) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    skipped: () =>
      events.flatMap((event) => (event.type === 'skipped' ? [`${event.task} ${event.reason}`] : [])),
    changes: () => events.flatMap((event) => (event.type === 'task' ? [`${event.what} ${event.task}`] : [])),
  };
}

/** Waits until a condition holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

it('takes what pays, the best first, as many at once as it may, and says what it landed', async () => {
  const { post, start, block, tries, events, answerWith } = world({ atOnce: 2 });
  const ends: (() => void)[] = [];
  answerWith(async () => {
    await new Promise<void>((resolve) => ends.push(resolve));
    return { how: 'proven', wei: 1000n };
  });
  for (const [task, fee] of [
    [1n, 1n],
    [2n, 3n],
    [3n, 2n],
  ] as const)
    post(task, fee * token);
  await start();
  await block();
  expect(tries).toEqual(['2/1/0', '3/1/0']);
  await block();
  expect(tries).toHaveLength(2);
  ends[0]!();
  await until(() => events.some(({ type }) => type === 'landed'));
  expect(events.find(({ type }) => type === 'landed')).toEqual({
    ...{ type: 'landed', account, task: 2n, round: 1, sum: 0, fee: 3n * token, wei: 1000n },
  });
  await block();
  await until(() => tries.length === 3);
  expect(tries[2]).toBe('1/1/0');
});

it('leaves alone what costs more than it pays, says so once, and takes it when gas is cheaper', async () => {
  const { post, start, block, tries, state, skipped, changes } = world({ floor: token / 1000n });
  // Above its gas by less than the floor, far above, and below its gas.
  post(1n, token / 1000n);
  post(2n, token);
  post(3n, token / 10_000n);
  await start();
  for (let i = 0; i < 10; i++) await block();
  expect(new Set(tries)).toEqual(new Set(['2/1/0']));
  expect(skipped()).toEqual(['1 fee', '3 fee']);
  state.gasPrice = 0n;
  await block();
  await until(() => tries.includes('1/1/0'));
  expect(tries).not.toContain('3/1/0');
  expect(changes()).toEqual(['follows 1', 'follows 2', 'follows 3', 'takes 1']);
  // And dear again: that is news.
  state.gasPrice = gwei;
  await block();
  await until(() => skipped().length === 3);
});

it('asks with the proof in hand whether it still pays: gas may have become dear meanwhile', async () => {
  const { post, start, block, state, answerWith, skipped } = world();
  post(1n, token / 1000n);
  const asked: (boolean | undefined)[] = [];
  answerWith(async ({ sends }) => {
    asked.push(await sends?.());
    state.gasPrice = 100n * gwei;
    asked.push(await sends?.());
    return { how: 'declined' };
  });
  await start();
  await block();
  await until(() => asked.length === 2);
  expect(asked).toEqual([true, false]);
  await until(() => skipped().length > 0);
  expect(skipped()[0]).toBe('1 fee');
});

it('does not begin what another has landed, and says once whose it is', async () => {
  const { post, start, block, tries, skipped } = world();
  post(1n, token).sums.set(0, { prover: rival, digests: [], h: [] });
  post(2n, token).sums.set(0, { prover: account, digests: [], h: [] });
  await start();
  for (let i = 0; i < 5; i++) await block();
  expect(tries).toEqual([]);
  expect(skipped()).toEqual(['1 taken']);
});

it('does not tell whose a sum is of a task that it skips as a whole', async () => {
  const { post, start, block, skipped } = world();
  const entry = post(1n, 0n);
  await start();
  for (let i = 0; i < 3; i++) await block();
  expect(skipped()).toEqual(['1 fee']);
  entry.sums.set(0, { prover: rival, digests: [], h: [] });
  for (let i = 0; i < 3; i++) await block();
  expect(skipped()).toEqual(['1 fee']);
});

it('needs as much free stake as a sum that fails costs', async () => {
  const { post, start, block, tries, state, skipped } = world();
  state.stake = 2n * token - 1n;
  post(1n, token);
  await start();
  for (let i = 0; i < 3; i++) await block();
  expect([tries, skipped()]).toEqual([[], ['1 stake']]);
  state.stake++;
  await block();
  await until(() => tries.length > 0);
});

it('tries again what cannot be opened yet, at once when the task has news, and never what it proved falsely', async () => {
  const { post, start, block, tries, tasks, answerWith, skipped } = world();
  post(1n, token);
  await start();
  for (let i = 0; i < 20; i++) await block();
  const quiet = tries.length;
  expect(quiet).toBeLessThan(4);
  tasks.get(1n)!.logs++;
  await block();
  await until(() => tries.length > quiet);
  answerWith(async () => {
    throw new KnownInvalid('submitAggregate', { message: 'it was not sent', mend: '' });
  });
  tasks.get(1n)!.logs++;
  await block();
  await until(() => skipped().length > 0);
  const before = tries.length;
  for (let i = 0; i < 5; i++) {
    tasks.get(1n)!.logs++;
    await block();
  }
  expect(tries).toHaveLength(before);
  expect(skipped()).toEqual(['1 fault', '1 preset']);
});

it('says a fault once, however often the sum is tried', async () => {
  const { post, start, block, tries, tasks, answerWith, skipped } = world();
  answerWith(async () => {
    throw new Error('the disk is full');
  });
  post(1n, token);
  await start();
  for (let i = 0; i < 6; i++) {
    tasks.get(1n)!.logs++;
    await block();
  }
  await until(() => tries.length > 3);
  expect(skipped()).toEqual(['1 fault']);
});

it('keeps one prover of a task, and says of a sum that its phase ended before the proof was there', async () => {
  const { post, start, block, tries, tasks, state, answerWith, skipped } = world();
  const answers: SumOutcome['how'][] = ['closed', 'taken', 'over'];
  answerWith(async () => ({ how: answers[tries.length - 1] ?? 'closed' }) as SumOutcome);
  post(1n, token);
  await start();
  for (let look = 1; look <= 3; look++) {
    await until(() => tries.length === look);
    tasks.get(1n)!.logs++;
    await block();
  }
  expect(state.opened).toEqual([1n]);
  expect(skipped()).toEqual(['1 late']);
});

it('reckons with what the last sum of as many chunks took, and with no other call', async () => {
  const mined = new Map<bigint, (call: string, gas: bigint) => void>();
  const chain: MarketSettings['chain'] = (task, onMined) => {
    mined.set(task, onMined);
    return { gasToAdvance: async () => undefined } as unknown as TaskChain;
  };
  const { post, start, block, tries, tasks, skipped } = world({ chain });
  // At 1 gwei its fee is worth a million gas.
  post(1n, token / 1000n);
  await start();
  await until(() => tries.length === 1);
  const again = async () => {
    const before = tries.length;
    tasks.get(1n)!.logs++;
    for (let look = 0; look < 3; look++) await block();
    return tries.length > before;
  };
  mined.get(1n)!('announce', 9_000_000n);
  expect(await again()).toBe(true);
  mined.get(1n)!('submitAggregate', 999_999n);
  expect(await again()).toBe(true);
  expect(skipped()).toEqual([]);
  mined.get(1n)!('submitAggregate', 1_000_001n);
  expect(await again()).toBe(false);
  expect(skipped()).toEqual(['1 fee']);
});

it('tells a push that fails as a fault of its own, and goes on', async () => {
  const fault = new Error('the node took no push');
  const chain = () =>
    ({
      gasToAdvance: async () => 1n,
      advance: () => Promise.reject(fault),
    }) as unknown as TaskChain;
  const { post, start, block, tries, events } = world({ chain });
  post(1n, token, 'submit');
  post(2n, token);
  await start();
  await until(() => events.some((event) => event.type === 'fault' && event.error === fault));
  await block();
  await until(() => tries.length > 0);
  expect(events).toContainEqual({ type: 'fault', account, role: 'prover', error: fault });
});

it('skips all tasks of a preset that has no keys here, and asks for them once', async () => {
  const { post, start, block, tries, skipped } = world({
    prover: async ({ task }) => {
      tries.push(`opened ${task}`);
      throw new NodeError('input', 'no manifest of --keys is of preset tiny');
    },
    atOnce: 1,
  });
  post(1n, token);
  post(2n, token);
  await start();
  for (let i = 0; i < 5; i++) await block();
  await until(() => skipped().length === 2);
  expect(tries).toHaveLength(1);
  expect(skipped().toSorted()).toEqual(['1 preset', '2 preset']);
});

it('follows tasks as they come and end', async () => {
  const { post, start, block, tries, tasks, changes, state } = world();
  await start();
  await block();
  post(7n, token);
  await block();
  await until(() => tries.length > 0);
  tasks.delete(7n);
  await block();
  post(7n, token);
  await block();
  await until(() => state.opened.length === 2);
  expect(changes()).toEqual(['follows 7', 'leaves 7', 'follows 7']);
});

it('asks the chain for no more with a thousand tasks than with one', async () => {
  const { post, start, block, state, tries } = world();
  const perBlock = async () => {
    await block();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = state.requests;
    const looks = 20;
    for (let i = 0; i < looks; i++) await block();
    return (state.requests - before) / looks;
  };
  await start();
  post(1n, token);
  const one = await perBlock();
  for (let task = 2n; task <= 1000n; task++) post(task, token, 'submit');
  // Each new task is looked at once for a push, 16 a look.
  for (let i = 0; i < 80; i++) await block();
  const thousand = await perBlock();
  expect(thousand).toBeLessThan(one + 1);
  expect(new Set(tries)).toEqual(new Set(['1/1/0']));
});

it('pushes a task on while that costs less than it brings, and then leaves it to the members', async () => {
  const { post, start, block, pushed, pushGas, tasks, skipped } = world();
  const fee = token / 1000n;
  const { sums } = post(1n, fee, 'submit');
  await start();
  // Two sums bring 2 * 0.000585: of pushes at 0.0005 each, two are paid.
  for (let i = 0; i < 4; i++) {
    pushGas.set(1n, 500_000n);
    tasks.get(1n)!.logs++;
    await block();
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  expect(sums.size).toBe(0);
  expect(pushed).toEqual([1n, 1n]);
  expect(skipped()).toEqual(['1 push']);
});

it('pays for pushes with what a sum brought above its gas, once it is landed', async () => {
  const { post, start, block, pushed, pushGas, tasks, answerWith } = world();
  const entry = post(1n, token / 1000n, 'submit');
  const push = async () => {
    pushGas.set(1n, 500_000n);
    tasks.get(1n)!.logs++;
    await block();
    await new Promise((resolve) => setTimeout(resolve, 30));
  };
  await start();
  // Of what two sums bring two pushes are paid, and a third is not.
  for (let i = 0; i < 3; i++) await push();
  expect(pushed).toHaveLength(2);
  answerWith(async () => ({ how: 'proven', wei: 0n }));
  entry.phase = 'aggregate';
  tasks.get(1n)!.logs++;
  await block();
  await new Promise((resolve) => setTimeout(resolve, 30));
  entry.phase = 'commit';
  for (let i = 0; i < 3; i++) await push();
  expect(pushed.length).toBeGreaterThan(3);
});

it('tells what is to be left in reserve, where something is', async () => {
  for (const [floor, text] of [
    [0n, 'but gas costs 0.000415 at present'],
    [token / 2n, 'but gas costs 0.000415 at present, and 0.5 is to be left'],
  ] as const) {
    const { post, start, block, events } = world({ floor });
    post(1n, 0n);
    await start();
    await block();
    const texts = () => events.flatMap((event) => (event.type === 'skipped' ? [event.text] : []));
    await until(() => texts().length > 0);
    expect(texts()).toEqual([`task 1 pays 0 a sum, ${text}`]);
    await running!.stop();
  }
});

it('ends with the reason where the marketplace is gone: its logs would be empty for ever, without a word', async () => {
  const gone = new NodeError('chain', 'the chain has no contracts', { prospect: 'final' });
  const ended = Promise.withResolvers<unknown>();
  const { start } = world({ check: () => Promise.reject(gone), onFinal: ended.resolve });
  await start();
  expect(await ended.promise).toBe(gone);
});
