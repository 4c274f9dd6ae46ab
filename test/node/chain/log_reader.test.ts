// Logs and posts are asked for apart, and entered as the chain has them: what a post means depends on what was before
// it, in its own block too.
import { bulletinAbi, stakeVaultAbi } from '@murmuration/contracts';
import { createWalletClient, encodeFunctionData, erc20Abi, http, type Log, zeroHash } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Heads } from '../../../node/chain/heads.ts';
import { emptyJournal } from '../../../node/chain/index.ts';
import { LogReader } from '../../../node/chain/log_reader.ts';
import { openSite, type Person, person, type Site } from './fixture.ts';

let site: Site;
let ada: Person;
beforeAll(async () => {
  site = await openSite();
  ada = await person(site, 1);
});
afterAll(() => site?.anvil.stop());

it('enters logs and posts in the order of the chain, also those of one block', async () => {
  const { anvil, client, deployment, rpc } = site;
  const { account } = ada;
  const { bulletin, token, vault } = deployment;
  const wallet = createWalletClient({ account, transport: http(anvil.url) });
  const post = () =>
    ({
      to: bulletin,
      data: encodeFunctionData({ abi: bulletinAbi, functionName: 'post', args: [1n, zeroHash, zeroHash] }),
    }) as const;
  const bond = () =>
    ({
      to: vault,
      data: encodeFunctionData({ abi: stakeVaultAbi, functionName: 'bond', args: [account.address, 5n] }),
    }) as const;
  const approval = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [vault, 100n] });
  await wallet.sendTransaction({ to: token, data: approval, chain: null });
  const fromBlock = (await client.getBlockNumber({ cacheTime: 0 })) + 1n;
  for (let block = 0; block < 2; block++) {
    await rpc('evm_setAutomine', false);
    let nonce = await client.getTransactionCount({ address: account.address });
    for (const call of [post(), bond(), post(), bond(), post()])
      await wallet.sendTransaction({ ...call, nonce: nonce++, gas: 300_000n, chain: null });
    await rpc('evm_setAutomine', true);
    await rpc('evm_mine');
  }

  const entered: Log[] = [];
  const journal = emptyJournal();
  journal.epochs.set(1, {
    trainers: [account.address],
    validators: [],
    keys: new Map(),
    confirmed: new Map(),
  });
  const reader = new LogReader(
    {
      client,
      deployment: { ...deployment, fromBlock: Number(fromBlock) },
      follow: { confirmations: 0, window: 2000 },
      heads: new Heads(client, { freshFor: 0 }),
    },
    {
      begin: () => entered.splice(0),
      journals: () => [[1n, journal]],
      reads: () => true,
      enter: (logs) => entered.push(...logs),
    },
  );
  await reader.refresh();
  const places = (logs: readonly Log[]) => logs.map(({ blockNumber, logIndex }) => [blockNumber, logIndex]);
  const ofAll = await client.getLogs({ address: [bulletin, vault], fromBlock });
  expect(new Set(ofAll.map(({ blockNumber }) => blockNumber)).size).toBe(2);
  expect(ofAll.filter(({ address }) => address.toLowerCase() === bulletin.toLowerCase())).toHaveLength(6);
  expect(places(entered)).toEqual(places(ofAll));
});
