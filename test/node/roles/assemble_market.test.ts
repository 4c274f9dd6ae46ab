// The prover of a marketplace, put together: whose keys, chain, stake and prices it works with.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseEther } from 'viem';
import { afterEach, expect, it, vi } from 'vitest';
import { emptyJournal, type OpenTask, type RoundEntry } from '../../../node/chain/index.ts';
import { assembleMarketProver, type MarketWorkplace } from '../../../node/roles/assemble_market.ts';
import type { Member } from '../../../node/roles/index.ts';
import type { Startable } from '../../../node/roles/runtime/loop.ts';
import type { RoleEvent } from '../../../node/roles/runtime/observer.ts';
import { smallTask } from '../chain/fixture.ts';

const account = `0x${'1'.repeat(40)}` as const;
const marketplace = `0x${'2'.repeat(40)}` as const;
const token = 10n ** 18n;
const wait = { timeout: 30_000, interval: 5 };

let running: Startable | undefined;
afterEach(() => running?.stop());

/** A marketplace with one sum that is due; of a prover at work there. */
function world({ free = 100n * token, gasPrice = 10n ** 9n, code = '0x01' } = {}) {
  const events: RoleEvent[] = [];
  const asked: unknown[] = [];
  const final = vi.fn();
  const both = [1, 2].map(() => ({ sender: account, sum: 0, weight: 1, digests: [] }));
  const entry = {
    number: 4,
    phase: 'aggregate',
    deadline: 2000n,
    submitted: { update: both, probe: [] },
    sums: new Map(),
  } as unknown as RoundEntry;
  const journal = { ...emptyJournal(), rounds: [entry] };
  const task: OpenTask = {
    task: 7n,
    parameters: smallTask.parameters,
    economics: { ...smallTask.economics, proverFee: token, failedSum: 2n * token },
    status: 'running',
    deadline: 0n,
    journal,
    logs: 1,
  };
  const log = { refused: () => undefined, unresolved: async () => [], contents: async () => [] };
  const member = {
    name: 'prover',
    signer: { address: account },
    deployment: { marketplace },
    log,
    client: {
      getCode: async ({ address }: { address: string }) => {
        asked.push(['code', address]);
        return code;
      },
      getGasPrice: async () => gasPrice,
      getBlock: async () => ({ timestamp: 1000n }),
    },
    actions: { stake: async () => ({ free }) },
    market: () => ({
      tasks: new Map([[7n, task]]),
      height: 1n,
      refresh: async () => undefined,
      news: () => sleep(5),
      journalOf: (of: bigint) => `journal of ${of}`,
    }),
    chainOn(of: bigint, source: unknown) {
      asked.push(['chain', of, source]);
      return {
        account,
        task: of,
        journal,
        refresh: async () => undefined,
        stage: async () => {
          asked.push('stage');
          return { round: 4, phase: 'commit' };
        },
      };
    },
  } as unknown as Member;
  const workplace = {
    store: { put: async () => '0x', get: async () => new Uint8Array(), has: async () => false },
    observe: (event: RoleEvent) => void events.push(event),
    interval: 1,
    onFinal: final,
    terms: { tokenPrice: parseEther('1'), floor: 0n, atOnce: 1 },
    amount: (tokens: bigint) => `${tokens / token} tokens`,
    async tools(preset: string) {
      asked.push(['tools', preset]);
      return { he: {}, prover: {}, stop: async () => undefined };
    },
  } as unknown as MarketWorkplace;
  running = assembleMarketProver(workplace, member);
  const skipped = () => events.flatMap((event) => (event.type === 'skipped' ? [event.reason] : []));
  return { start: () => running!.start(), events, asked, final, skipped };
}

it('tries a sum with the tools of its preset, on the journal that the market reads', async () => {
  const { start, asked, skipped } = world();
  await start();
  await vi.waitFor(() => expect(skipped()).toEqual(['late']), wait);
  expect(asked).toEqual(
    expect.arrayContaining([
      ['code', marketplace],
      ['tools', smallTask.parameters.preset],
      ['chain', 7n, 'journal of 7'],
      'stage',
    ]),
  );
});

it.each([
  ['stake', { free: 2n * token - 1n }],
  ['fee', { gasPrice: 10n ** 15n }],
])('leaves alone what its own %s does not allow', async (reason, given) => {
  const { start, asked, skipped } = world(given);
  await start();
  await vi.waitFor(() => expect(skipped()).toEqual([reason]), wait);
  expect(asked).not.toContain('stage');
});

it('says what a task pays, as people read it', async () => {
  const { start, events } = world();
  await start();
  await vi.waitFor(() => expect(JSON.stringify(events, plain)).toContain('fee 1 tokens'), wait);
});

it('ends for good where the marketplace is gone', async () => {
  const { start, final } = world({ code: '' });
  await start();
  await vi.waitFor(() => expect(final).toHaveBeenCalledTimes(1), wait);
  expect(final.mock.calls[0]![0]).toMatchObject({ code: 'chain', prospect: 'final' });
});

const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value);
