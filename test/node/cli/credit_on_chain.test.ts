// `murmur credit` where it touches the chain: each step on a real one, and what each refuses.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Deployment,
  deployPlayCollateral,
  deployPool,
  developmentTokenAbi,
  lendingPoolAbi,
} from '@murmuration/contracts';
import { issuersRoot, scoreDomain, serialHash } from '@murmuration/prover/score';
import { type Address, parseEther, zeroAddress } from 'viem';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { writeModelFile } from '../../../node/cli/files/model_file.ts';
import { main } from '../../../node/cli/murmur.ts';
import { parseIssuers } from '../../../node/credit/index.ts';
import { openKeystore } from '../../../node/keystore/index.ts';
import { modelLayout } from '../../../node/learn/index.ts';
import { readIssuerSet, readRevocation } from '../../../node/lending/index.ts';
import { fund } from '../../../node/local/index.ts';
import { digestOf, encodeModel, token } from '../../../node/protocol/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { root } from '../../suites/suite.ts';
import { openSite, person, type Site } from '../chain/fixture.ts';
import { dependants, description, loans, trained } from '../credit/lenders.ts';

const home = mkdtempSync(join(tmpdir(), 'credit-chain-'));
const at = (name: string) => join(home, name);
const goods = `csv:${join(root, 'examples/lenders/data/goods.csv')}`;
let site: Site;
let account: Address;

const deployment = (): Deployment => JSON.parse(readFileSync(at('deployment.json'), 'utf8')) as Deployment;

/** Runs a command with --json; what it prints. */
async function murmur<T>(action: string, ...words: string[]): Promise<T> {
  const printed: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  const error = vi.spyOn(console, 'error').mockReturnValue();
  const progress = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const chain = ['schema', 'quantise', 'issuer'].includes(action) ? [] : ['--rpc', site.anvil.url];
  try {
    await main(['credit', action, ...words, ...chain, '--home', home, '--json']);
    return JSON.parse(printed.at(-1)!) as T;
  } finally {
    for (const spy of [log, error, progress]) spy.mockRestore();
  }
}
/** What a command that must fail rejects with. */
const refusal = (action: string, ...words: string[]): Promise<unknown> =>
  murmur(action, ...words).then(
    () => 'it should have failed',
    (fault: unknown) => fault,
  );

beforeAll(async () => {
  vi.stubEnv('MURMURATION_PASSWORD', 'only for tests');
  site = await openSite();
  writeFileSync(at('deployment.json'), JSON.stringify(site.deployment));
  account = await openKeystore(join(home, 'keystore'), 4).createAccount('only for tests');
  const gift = { to: account, ether: parseEther('1'), tokens: 5_000n * token };
  await fund({ url: site.anvil.url, deployment: site.deployment }, gift);

  const score = trained(loans('cars'));
  const { marketplace, chainId } = site.deployment;
  const digest = digestOf(encodeModel(score.parameters));
  await writeModelFile(at('loans.json'), {
    origin: { chainId, marketplace, task: '1' },
    description,
    statistics: score.statistics,
    layout: modelLayout(description.model),
    lineage: { model: score.parameters, digest, first: digest, steps: [] },
  });
  await murmur(
    'schema',
    ...['--model', at('loans.json'), '--name', 'credit', '--protected', `dependants=${dependants}`],
    ...['--out', at('schema.json')],
  );
  await murmur(
    'quantise',
    ...['--model', at('loans.json'), '--schema', at('schema.json'), '--data', goods],
    ...['--out', at('score.json')],
  );
}, 600_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await site?.anvil.stop();
  rmSync(home, { recursive: true });
});

const model = () => ['--model', at('score.json'), '--schema', at('schema.json')];

describe('credit', () => {
  it('is refused before it is deployed, and deployed once', { timeout: 600_000 }, async () => {
    expect(await refusal('curate')).toMatchObject({ message: 'the deployment has no credit' });
    const credit = await murmur<{ credentials: Address }>('deploy', '--cache', cacheFolder);
    expect(deployment().credit).toEqual(credit);
    const there = await refusal('deploy', '--cache', cacheFolder);
    expect(there).toMatchObject({ code: 'input', message: expect.stringContaining('has credit already') });
  });

  it("curates a set with the issuer's key, and gives a borrower what to prove against", async () => {
    const { x, y } = await murmur<{ x: string; y: string }>('issuer');
    const next = await murmur<{ x: string; y: string }>('issuer', '--number', '2');
    const made = await murmur('curate', '--add', `${x},${y}`);
    expect(made).toMatchObject({ set: '1', curator: account, issuers: 1 });
    await murmur('curate', '--set', '1', '--rotate', '0', '--add', `${next.x},${next.y}`);
    const place = await murmur<{ contract: Address; chain: number; root: string; until: string }>(
      'place',
      ...['--set', '1', '--out', at('issuers.json')],
    );
    const keys = parseIssuers(JSON.parse(readFileSync(at('issuers.json'), 'utf8')));
    expect(keys).toEqual([{ x: BigInt(next.x), y: BigInt(next.y) }]);
    expect(BigInt(place.root)).toBe(issuersRoot(keys));
    expect(place).toMatchObject({ chain: 31337, contract: deployment().credit!.credentials });
    expect(scoreDomain(BigInt(place.chain), place.contract)).toBeGreaterThan(0n);
    expect(BigInt(place.until) % 2_592_000n).toBe(0n);
    await murmur('curate', '--set', '1', '--remove', '0');
    const { generation } = await readIssuerSet(site.client, deployment().credit!, 1n);
    expect(generation).toBe(1n);
    expect(await refusal('curate', '--set', '1', '--rotate', '0')).toMatchObject({
      message: expect.stringContaining('--rotate is given with 0 keys'),
    });
    expect(await refusal('curate', '--set', '1', '--remove', '0')).toMatchObject({
      code: 'reverted',
      error: 'IssuerUnknown',
    });
  });

  it('revokes a record by its serial', async () => {
    await murmur('revoke', '--serial', '0x1234');
    expect(await readRevocation(site.client, deployment().credit!, serialHash(0x1234n))).toBeDefined();
    expect(await refusal('revoke', '--serial', '0x1234')).toMatchObject({ error: 'AlreadyRevoked' });
  });

  it('signs no integers but those of the trained model that the chain ends with', async () => {
    const trainedFile = ['--trained', at('loans.json')];
    // The chain knows no such task: its model is none.
    expect(await refusal('approve', ...model(), ...trainedFile)).toMatchObject({
      code: 'input',
      message: expect.stringContaining(`task 1 has model 0x${'0'.repeat(64)} on chain`),
    });
    const honest = readFileSync(at('score.json'), 'utf8');
    writeFileSync(at('score.json'), honest.replace('"name":"', '"name":"better '));
    expect(await refusal('approve', ...model(), ...trainedFile)).toMatchObject({
      message: expect.stringContaining('is not what'),
      mend: expect.stringContaining('Do not sign it'),
    });
    writeFileSync(at('score.json'), honest);
  });

  it('publishes nothing of a task that has not ended', async () => {
    expect(await refusal('publish', ...model())).toMatchObject({ error: 'TaskNotEnded' });
    writeFileSync(at('approval.json'), '{"signer":"0x12"}');
    expect(await refusal('publish', ...model(), '--approval', at('approval.json'))).toMatchObject({
      code: 'input',
      mend: 'It must be what `murmur credit approve` printed.',
    });
    const file = at('deployment.json');
    const here = readFileSync(file, 'utf8');
    writeFileSync(file, JSON.stringify({ ...deployment(), marketplace: deployment().rounds }));
    expect(await refusal('publish', ...model())).toMatchObject({
      message: expect.stringContaining('is of marketplace'),
    });
    writeFileSync(file, here);
  });

  it('borrows, repays, and tells of both', async () => {
    const common = { url: site.anvil.url, account: site.anvil.account(0), cacheFolder };
    const { token: collateral, feed } = await deployPlayCollateral(common, 2_000n * 10n ** 8n);
    const credit = deployment().credit!;
    const wad = 10n ** 18n;
    const pool = await deployPool({
      ...common,
      name: 'Lent play money',
      symbol: 'lMUR',
      policy: {
        asset: site.deployment.token,
        collateral,
        feed,
        sequencer: zeroAddress,
        maxAge: 3600,
        minPrice: 1n,
        maxPrice: 10n ** 14n,
        credentials: credit.credentials,
        model: 5n,
        set: 1n,
        grace: 259_200,
        base: wad / 100n,
        slope: wad / 25n,
        steep: wad / 2n,
        kink: wad / 2n,
        minDebt: token,
      },
    });
    const lender = await person(site, 51);
    const send = lender.sender;
    const { token: asset } = site.deployment;
    await send.send({
      address: asset,
      abi: developmentTokenAbi,
      functionName: 'approve',
      args: [pool, 9_000n * token],
    });
    await send.send({
      address: pool,
      abi: lendingPoolAbi,
      functionName: 'deposit',
      args: [9_000n * token, lender.account.address],
    });
    await send.send({
      address: collateral,
      abi: developmentTokenAbi,
      functionName: 'mint',
      args: [account, 2n * token],
    });

    expect(await refusal('borrow', '--pool', pool)).toMatchObject({ code: 'input' });
    const loan = await murmur<{ debt: string; collateral: string }>(
      'borrow',
      ...['--pool', pool, '--collateral', '1.5', '--amount', '2000'],
    );
    expect(loan).toMatchObject({ collateral: `${(3n * token) / 2n}`, terms: { open: '15000' } });
    expect(await refusal('borrow', '--pool', pool, '--amount', '1')).toMatchObject({
      error: 'CollateralTooSmall',
    });
    const status = await murmur<{ loan: { debt: string }; standing?: unknown; models: unknown[] }>(
      'status',
      ...['--digest', '0x5', '--set', '1', '--pool', pool, '--subject', account],
    );
    expect(BigInt(status.loan.debt)).toBeGreaterThanOrEqual(2_000n * token);
    expect(status.standing).toBeUndefined();
    expect(status.models).toEqual([]);
    expect(await murmur('repay', '--pool', pool, '--amount', '3000', '--collateral', '1.5')).toMatchObject({
      debt: '0',
      collateral: '0',
    });
  });
});
