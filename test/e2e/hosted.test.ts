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
  stakeVaultAbi,
} from '@murmuration/contracts';
import { type Address, BaseError, ContractFunctionRevertedError } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient } from '../../node/chain/index.ts';
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

it('trains with a host’s machine, an owner’s rows and an owner’s stake', async () => {
  const names = ['planner', 'owner', 'host', 'another', 'south', 'east', 'registry', 'university', 'prover'];
  const accounts: Record<string, Address> = {};
  for (const name of names) accounts[name] = await party(name);
  writeFileSync(at('task.json'), JSON.stringify(clinicTask(1)));
  writeFileSync(at('policy.json'), JSON.stringify({ rules: { minGain: -10_000 }, deadlines: { appeal: 1 } }));
  const { task } = await json<{ task: string }>(
    ...['planner', 'create', ...as('planner'), '--description', at('task.json')],
    ...['--policy', at('policy.json'), '--trainers', '3', '--validators', '2'],
  );

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

  // Another host has it from the store, and cannot open it; the host itself not for another task, nor altered.
  const running = (name: string) => ['host', 'run', ...as(name), '--package', packed.package];
  expect(await refused(...running('another'))).toMatch(/is for another host/);
  expect(await refused(...running('host'), '--task', '77')).toMatch(/for task 1, not 77/);
  const short = await json<{ package: string }>(
    ...['host', 'pack', ...packing, '--host', at('host.json'), '--out', at('file.package')],
  );
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
  await client.request({ method: 'evm_increaseTime', params: [31_536_000] } as never);
  await client.request({ method: 'evm_mine', params: [] } as never);
  expect(await refused('host', 'run', ...as('host'), '--package', `file:${at('file.package')}`)).toMatch(
    /its mandate is over/,
  );
}, 240_000);
