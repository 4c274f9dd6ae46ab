// An owner without a machine: a host runs the node for it, with the owner's file under seal and the owner's stake. The
// task ends, the host's copy is erased, and the money is the owner's alone; what the host tries, it is refused.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Anvil,
  createAnvil,
  type Deployment,
  deploymentSchema,
  marketplaceAbi,
  stakeVaultAbi,
} from '@murmuration/contracts';
import { type Address, BaseError, ContractFunctionRevertedError, type Hex } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect, createClient, readStake } from '../../node/chain/index.ts';
import { openKeystore } from '../../node/keystore/index.ts';
import { fund } from '../../node/local/index.ts';
import { clinicCsv, clinicTask } from '../node/learn/clinics.ts';
import { createCommands } from './processes.ts';

const home = mkdtempSync(join(tmpdir(), 'murmuration-hosted-'));
const password = 'only for tests';
const anvil: Anvil = createAnvil();
const { murmur, json, stop } = createCommands({ MURMURATION_PASSWORD: password });
const at = (name: string) => join(home, name);
const shared = () => ['--rpc', anvil.url, '--deployment', at('deployment.json'), '--store', at('store')];
let deployment: Deployment;

beforeAll(async () => {
  await anvil.start();
  await json('deploy', '--home', home, '--rpc', anvil.url, '--presets', 'tiny');
  deployment = deploymentSchema.parse(JSON.parse(readFileSync(at('deployment.json'), 'utf8')));
});
afterAll(async () => {
  await stop();
  await anvil.stop();
  rmSync(home, { recursive: true, force: true });
});

async function party(name: string): Promise<Address> {
  const account = await openKeystore(join(at(name), 'keystore'), 10).createAccount(password);
  await fund({ url: anvil.url, deployment }, { to: account, ether: 10n ** 19n, tokens: 10n ** 24n });
  return account;
}
const as = (name: string) => ['--home', at(name), ...shared()];
async function refused(...words: string[]): Promise<string> {
  const command = murmur(...words);
  expect(await command.ended).toBe(1);
  return command.output();
}

/** The digests of the packages that an owner's log has. */
const leftOf = (owner: string): string[] =>
  readdirSync(join(at(owner), 'state')).flatMap((name) => {
    const log = readFileSync(join(at(owner), 'state', name, 'site-log', '000001.log'), 'utf8');
    return [...log.matchAll(/"what":"package for a host".*?"digest":"(0x\w+)"/g)].map(
      ([, digest]) => digest!,
    );
  });

/** A task for three trainers and two validators, which waits for them. */
async function postTask(planner: string): Promise<string> {
  writeFileSync(at('task.json'), JSON.stringify(clinicTask(1)));
  writeFileSync(at('policy.json'), JSON.stringify({ rules: { minGain: -10_000 }, deadlines: { appeal: 1 } }));
  const { task } = await json<{ task: string }>(
    ...['planner', 'create', ...as(planner), '--description', at('task.json')],
    ...['--policy', at('policy.json'), '--trainers', '3', '--validators', '2'],
  );
  return task;
}

/** The host's account becomes the owner's, with 100 of its tokens for the task; then a file is sealed to the host. */
async function give(owner: string, host: string, task: string, ...more: string[]): Promise<Hex> {
  writeFileSync(at(`${host}.json`), JSON.stringify(await json('host', 'identity', ...as(host))));
  const [address] = await openKeystore(join(at(owner), 'keystore')).accounts();
  const consent = await json('owner', 'consent', ...as(host), '--owner', address!);
  writeFileSync(at('consent.json'), JSON.stringify(consent));
  await json(
    ...['owner', 'adopt', ...as(owner), '--consent', at('consent.json'), '--stake', '100', '--task', task],
  );
  writeFileSync(at('given.csv'), clinicCsv('north', { shift: -3, rows: 150, missing: 0.1 }));
  const packing = [...as(owner), '--task', task, '--data', `csv:${at('given.csv')}`, ...more];
  const packed = await json<{ package: Hex }>('host', 'pack', ...packing, '--host', at(`${host}.json`));
  return packed.package;
}

const pass = async (client: ReturnType<typeof createClient>, seconds: number) => {
  await client.request({ method: 'evm_increaseTime', params: [seconds] } as never);
  await client.request({ method: 'evm_mine', params: [] } as never);
};

it('stops when the mandate is over while it runs; the stake is the owner’s, whole, and comes back', async () => {
  for (const name of ['poster', 'lender']) await party(name);
  const guest = await party('guest');
  const task = await postTask('poster');
  const digest = await give('lender', 'guest', task, '--valid', '600');
  const client = createClient({ url: anvil.url, deployment });
  const before = await readStake(client, deployment, guest);

  const hosted = murmur('host', 'run', ...as('guest'), '--package', digest);
  await hosted.prints(/hosting for 0x/);
  expect((await readStake(client, deployment, guest)).pledged).toBeGreaterThan(0n);
  await pass(client, 601);
  expect(await hosted.ended, hosted.output()).toBe(0);
  const kept = join(at('guest'), 'hosted');
  expect(readdirSync(kept)).toEqual([`${digest}.receipt.json`]);
  const status = await json<{ packages: unknown[] }>('host', 'status', '--home', at('guest'));
  expect(status.packages).toMatchObject([{ package: digest, receipt: { outcome: 'expired', task } }]);
  // It neither runs on with what it kept, nor with another copy from the store.
  expect(await refused('host', 'run', ...as('guest'), '--package', digest)).toMatch(/is done: its receipt/);

  const after = await readStake(client, deployment, guest);
  expect([after.owner, after.bonded]).toEqual([before.owner, before.bonded]);
  await json('planner', 'cancel', ...as('poster'), '--task', task);
  // Nobody needs the host for it: its owner frees the pledge.
  const keystore = openKeystore(join(at('lender'), 'keystore'));
  const { account } = await keystore.unlock(undefined, password);
  const { sender } = await connect({ url: anvil.url, deployment }, account);
  const marketplace = { address: deployment.marketplace, abi: marketplaceAbi } as const;
  await sender.send({ ...marketplace, functionName: 'release', args: [BigInt(task), guest] });
  expect((await readStake(client, deployment, guest)).pledged).toBe(0n);
  const vault = { address: deployment.vault, abi: stakeVaultAbi, account: guest } as const;
  const tried = client.simulateContract({ ...vault, functionName: 'queue', args: [guest, 1n] });
  await expect(tried).rejects.toThrow('NotOwner');
  await json('owner', 'queue', ...as('lender'));
  expect((await readStake(client, deployment, guest)).queued).toBe(before.bonded);
});

it('trains with a host’s machine, an owner’s rows and an owner’s stake', async () => {
  const names = ['planner', 'owner', 'host', 'another', 'south', 'east', 'registry', 'university', 'prover'];
  const accounts: Record<string, Address> = {};
  for (const name of names) accounts[name] = await party(name);
  const task = await postTask('planner');

  // Who the host is, and its account under the owner.
  for (const name of ['host', 'another'])
    writeFileSync(at(`${name}.json`), JSON.stringify(await json('host', 'identity', ...as(name))));
  const csv = clinicCsv('north', { shift: -3, rows: 150, missing: 0.1 });
  writeFileSync(at('rows.csv'), csv);
  const packing = [...as('owner'), '--task', task, '--data', `csv:${at('rows.csv')}`];
  expect(await refused('host', 'pack', ...packing, '--host', at('host.json'))).toMatch(/Adopt it first/);
  const consent = await json('owner', 'consent', ...as('host'), '--owner', accounts.owner!);
  writeFileSync(at('consent.json'), JSON.stringify(consent));
  await json(
    'owner',
    'adopt',
    ...as('owner'),
    '--consent',
    at('consent.json'),
    '--stake',
    '100',
    '--task',
    task,
  );

  // What the owner gives, and what of it the store has.
  writeFileSync(at('wrong.csv'), 'age,ill\n40,no\n');
  expect(
    await refused(
      ...['host', 'pack', ...as('owner'), '--task', task, '--host', at('host.json')],
      ...['--data', `csv:${at('wrong.csv')}`],
    ),
  ).toMatch(/the hosted file/);
  expect(
    await refused('host', 'pack', ...packing, '--host', at('host.json'), '--fingerprint', '0123 4567'),
  ).toMatch(/not the one that is given/);
  const packed = await json<{ package: string }>('host', 'pack', ...packing, '--host', at('host.json'));

  // By the owner's own log, this left it, and a file as much as what the store has.
  const members = [...packing, '--host', at('host.json'), '--store', 'members'];
  expect(await refused('host', 'pack', ...members)).toMatch(/a host is no member .* --out FILE/s);
  expect(leftOf('owner')).toEqual([packed.package]);

  // Another host has it from the store, and cannot open it; the host itself not for another task, nor altered.
  const running = (name: string) => ['host', 'run', ...as(name), '--package', packed.package];
  expect(await refused(...running('another'))).toMatch(/is for another host/);
  expect(await refused(...running('host'), '--task', '77')).toMatch(new RegExp(`for task ${task}, not 77`));
  const short = await json<{ package: string }>(
    ...['host', 'pack', ...packing, '--host', at('host.json'), '--out', at('file.package')],
  );
  expect(leftOf('owner')).toEqual([packed.package, short.package]);
  const altered = readFileSync(at('file.package'));
  altered[altered.length >> 1]! ^= 1;
  writeFileSync(at('altered.package'), altered);
  expect(short.package).not.toBe(packed.package);
  expect(await refused('host', 'run', ...as('host'), '--package', `file:${at('altered.package')}`)).toMatch(
    /was altered/,
  );

  // It joins with the owner's stake; the others as ever.
  const hosted = murmur(...running('host'));
  await hosted.prints(/hosting for 0x/);
  const rest = [
    ['trainer', 'south', 1],
    ['trainer', 'east', 4],
    ['validator', 'registry', 0],
    ['validator', 'university', 3],
  ] as const;
  await Promise.all(
    rest.map(([role, name, shift]) => {
      writeFileSync(at(`${name}.csv`), clinicCsv(name, { shift, rows: 120, missing: 0.1 }));
      return json(role, 'join', ...as(name), '--task', task);
    }),
  );
  const others = rest.map(([role, name]) =>
    murmur(role, 'run', ...as(name), '--task', task, '--data', `csv:${at(`${name}.csv`)}`),
  );
  others.push(murmur('prover', 'run', ...as('prover'), '--task', task));
  await json('planner', 'start', ...as('planner'), '--task', task);

  // Sealed on the host's disk while it works.
  const kept = join(at('host'), 'hosted');
  expect(readdirSync(kept)).toEqual([`${packed.package}.sealed`]);
  const line = csv.split('\n')[1]!;
  expect(readFileSync(join(kept, `${packed.package}.sealed`)).includes(line)).toBe(false);

  expect(await hosted.ended, hosted.output()).toBe(0);
  expect(await Promise.all(others.map(({ ended }) => ended))).toEqual(others.map(() => 0));

  // Erased, with a receipt; it does not run again.
  expect(existsSync(join(kept, `${packed.package}.sealed`))).toBe(false);
  const receipt = join(kept, `${packed.package}.receipt.json`);
  const said = ['host', 'receipt', '--home', at('owner'), '--deployment', at('deployment.json')];
  expect(await json(...said, '--receipt', receipt)).toMatchObject({
    sealed: packed.package,
    outcome: 'over',
    operator: accounts.host,
  });
  expect(await refused(...running('host'))).toMatch(/is done: its receipt/);
  for (const file of readdirSync(at('host'), { recursive: true, withFileTypes: true }))
    if (file.isFile())
      expect(readFileSync(join(file.parentPath, file.name)).includes(line), file.name).toBe(false);

  // The host tries for the money; the owner gets it.
  const client = createClient({ url: anvil.url, deployment });
  const [operator, owner] = [accounts.host!, accounts.owner!];
  const vault = { address: deployment.vault, abi: stakeVaultAbi } as const;
  const tries = [
    ['claim', [operator]],
    ['queue', [operator, 1n]],
    ['withdraw', [operator]],
    ['mandate', [BigInt(task) + 1n, operator, 1n]],
    ['bond', [operator, 1n]],
  ] as const;
  for (const [functionName, args] of tries) {
    const failure = await client
      .simulateContract({ ...vault, functionName, args, account: operator } as never)
      .catch((error: unknown) => error);
    const reverted =
      failure instanceof BaseError && failure.walk((each) => each instanceof ContractFunctionRevertedError);
    expect(reverted, functionName).toBeInstanceOf(ContractFunctionRevertedError);
    expect((reverted as ContractFunctionRevertedError).data?.errorName, functionName).toBe('NotOwner');
  }
  const { moved } = await json<{ moved: { operator: Address; amount: string }[] }>(
    'owner',
    'claim',
    ...as('owner'),
  );
  expect(moved.map((each) => each.operator)).toEqual([operator]);
  expect(BigInt(moved[0]!.amount)).toBeGreaterThan(0n);
  expect(owner).not.toBe(operator);

  // The mandate of the second package is over by the chain's clock: it is refused however often it is brought.
  await pass(client, 31_536_000);
  expect(await refused('host', 'run', ...as('host'), '--package', `file:${at('file.package')}`)).toMatch(
    /its mandate is over/,
  );
});
