// One prover for all tasks in a whole federation: it finds the task in the marketplace, has its sums proven by the agents
// of a public service, pushes its rounds on, is stopped and started again in the middle, and leaves the task when that
// ends.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAnvil, deploymentSchema } from '@murmuration/contracts';
import type { Prover } from '@murmuration/prover';
import { parseEther } from 'viem';
import { afterAll, expect, it } from 'vitest';
import { openKeystore } from '../../node/keystore/index.ts';
import { fund, type LocalFederation } from '../../node/local/index.ts';
import { assembleMarketProver, createTools, type RoleEvent } from '../../node/roles/index.ts';
import { servedOf, startAgent } from '../../node/service/agent/index.ts';
import { cacheFolder } from '../cache_folder.ts';
import { freshEmbedded, request, useServices, useWorkbench } from '../node/service/support.ts';
import { runFederation } from './federation.ts';
import { createCommands } from './processes.ts';

const out = mkdtempSync(join(tmpdir(), 'murmuration-market-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const bench = useWorkbench();
const services = useServices(bench);

/** A service of two agents, neither of which proves its first job before the other has one, too. */
async function startFarm() {
  const service = await services.start(await freshEmbedded(services.folder), { backend: undefined });
  const both = Promise.withResolvers<void>();
  const begun = new Set<string>();
  for (const name of ['one', 'two']) {
    const prove: Prover['prove'] = async (...job) => {
      if (begun.add(name).size === 2) both.resolve();
      await both.promise;
      return bench.prover.prove(...job);
    };
    const proverOf = () => ({ ...bench.prover, prove });
    const settings = { name, served: servedOf([bench.keys]), proverOf, parallel: 1, interval: 50 };
    const agent = await startAgent(service.queue, { ...settings, onEvent: () => undefined });
    services.defer(() => agent.stop(0));
  }
  return service;
}

it('serves a federation through the marketplace alone, over a restart, with a service of several agents', async () => {
  const farm = await startFarm();
  const { file } = await farm.token('market', 'public');
  Object.assign(process.env, {
    MURMURATION_PROVER: `public:${farm.url}`,
    MURMURATION_PROVER_TOKEN_FILE: file,
  });
  const tools = await createTools(bench.keys, { cacheFolder, say: () => undefined }).finally(() => {
    // Of the federation's other roles each proves by itself.
    delete process.env.MURMURATION_PROVER;
    delete process.env.MURMURATION_PROVER_TOKEN_FILE;
  });
  const events: RoleEvent[] = [];
  let restarts = 0;

  /** Puts a market prover in the place of the federation's own. */
  const replace = (federation: LocalFederation) => {
    const { account, service } = federation.provers[0]!;
    const assemble = () =>
      assembleMarketProver(
        {
          tools: async () => tools,
          store: federation.store,
          interval: 150,
          terms: { tokenPrice: parseEther('1'), floor: 0n, atOnce: 4 },
          amount: (amount) => `${Number(amount) / 1e18}`,
          observe(event) {
            events.push(event);
            if (event.type === 'landed' && restarts === 0) {
              restarts++;
              // As if it were killed: what it knew is gone.
              const old = running;
              running = assemble();
              const next = running;
              started = old.stop().then(() => next.start());
            }
          },
        },
        account,
      );
    let running = assemble();
    let started: Promise<unknown> = Promise.resolve();
    Object.assign(service, {
      start: () => running.start(),
      async stop() {
        await started;
        await running.stop();
      },
    });
  };
  try {
    const { chain, provers } = await runFederation(
      join(out, 'run'),
      { rounds: 2, phase: 120 },
      () => undefined,
      replace,
    );
    const { address } = provers[0]!.account.signer;
    const sums = chain.journal.rounds.flatMap((round) =>
      [...round.sums].map(([sum, { prover }]) => ({ round: round.number, sum, prover })),
    );
    expect(chain.journal.rounds.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted']);
    expect(new Set(sums.map(({ prover }) => prover))).toEqual(new Set([address]));
    const landed = events.flatMap((event) => (event.type === 'landed' ? [event] : []));
    expect(landed.map(({ round, sum }) => `${round}/${sum}`).toSorted()).toEqual(
      sums.map(({ round, sum }) => `${round}/${sum}`).toSorted(),
    );
    for (const { fee, wei } of landed) expect(fee).toBeGreaterThan(wei);
    expect(restarts).toBe(1);
    // Each sum, of one chunk, is a job that was proven once; both agents had some.
    const { token } = await farm.token('operator', 'operate');
    const { jobs } = (await request(farm, token, 'GET', '/jobs?limit=1000')).body;
    expect(jobs.map(({ circuit, state }) => `${circuit} ${state}`)).toEqual(
      Array(sums.length).fill('aggregate done'),
    );
    expect(new Set(jobs.map(({ agent }) => agent))).toEqual(new Set(['one', 'two']));
    expect(jobs.filter(({ deadline }) => deadline === null)).toEqual([]);
    expect(events.filter(({ type }) => type === 'skipped' || type === 'fault')).toEqual([]);
    const follows = events.filter((event) => event.type === 'task' && event.what === 'follows');
    expect(follows).toHaveLength(2);
  } finally {
    await tools.stop();
  }
});

it('is one command, which bonds its stake, follows tasks as they come and go', async () => {
  const home = join(out, 'home');
  const anvil = createAnvil();
  await anvil.start();
  const { murmur, json, stop } = createCommands({ MURMURATION_PASSWORD: 'only for tests' });
  try {
    const place = ['--home', home, '--rpc', anvil.url];
    await json('deploy', ...place, '--presets', 'tiny');
    const deployment = deploymentSchema.parse(
      JSON.parse(readFileSync(join(home, 'deployment.json'), 'utf8')),
    );
    const keystore = openKeystore(join(home, 'keystore'), 10);
    const [planner, account] = [
      await keystore.createAccount('only for tests'),
      await keystore.createAccount('only for tests'),
    ];
    for (const to of [planner, account])
      await fund({ url: anvil.url, deployment }, { to, ether: 10n ** 19n, tokens: 10n ** 24n });
    const prover = murmur('prover', 'run', ...place, '--account', account, '--stake', '5', '--json');
    await prover.prints(/follows the marketplace/);
    const create = ['--preset', 'tiny', '--rounds', '1', '--trainers', '3', '--validators', '2'];
    await json('planner', 'create', ...place, '--account', planner, ...create);
    await prover.prints(/"type":"task".*"task":"1","what":"follows"/);
    await json('planner', 'cancel', ...place, '--account', planner, '--task', '1');
    await prover.prints(/"type":"task".*"task":"1","what":"leaves"/);
    // While it runs its stake stays; once it has stopped, all of it goes into the queue.
    const held = murmur('prover', 'leave', ...place, '--account', account);
    expect(await held.ended).toBe(1);
    expect(held.output()).toMatch(/is in use by process/);
    await prover.kill();
    const left = await json<{ task?: string; done: string[] }>(
      ...['prover', 'leave', ...place, '--account', account],
    );
    expect(left).toEqual({ done: ['put 5 into the queue to leave'] });
    const again = murmur('prover', 'leave', ...place, '--account', account);
    expect(await again.ended, again.output()).toBe(0);
    expect(again.output()).toMatch(/5 can be withdrawn from \S+: leave again then/);
    const blind = murmur('prover', 'run', ...place, '--account', account, '--token-price', '0');
    expect(await blind.ended).toBe(1);
    expect(blind.output()).toMatch(/--token-price is 0, but fees are compared with gas by it/);
  } finally {
    await stop();
    await anvil.stop();
  }
});
