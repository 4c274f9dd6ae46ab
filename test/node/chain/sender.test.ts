// Sending: one after the other, named errors, headroom, and what a process that was killed had left on its
// way.

import { bulletinAbi, stakeVaultAbi } from '@murmuration/contracts';
import { createWalletClient, encodeFunctionData, erc20Abi, http, zeroHash } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, Reverted } from '../../../node/chain/index.ts';
import { openSite, type Person, person, type Site, smallTask } from './fixture.ts';

let site: Site;
let ada: Person;
beforeAll(async () => {
  site = await openSite();
  ada = await person(site, 1);
});
afterAll(() => site?.anvil.stop());

const post = (number: number) =>
  ({
    address: site.deployment.bulletin,
    abi: bulletinAbi,
    functionName: 'post',
    args: [1n, zeroHash, `0x${number.toString(16).padStart(64, '0')}`],
  }) as const;

describe('a sender', () => {
  it('sends what is asked for at once in the order in which it was asked for', async () => {
    const sent = [1, 2, 3, 4].map((number) => ada.sender.send(post(number)));
    const receipts = await Promise.all(sent);
    const nonces: number[] = [];
    for (const { transactionHash } of receipts)
      nonces.push((await site.client.getTransaction({ hash: transactionHash })).nonce);
    expect(nonces).toEqual([0, 1, 2, 3].map((step) => nonces[0]! + step));
    expect(receipts.map(({ logs }) => BigInt(logs[0]!.data))).toEqual([1n, 2n, 3n, 4n]);
  });

  it('goes on after a call that was refused', async () => {
    const [refused, next] = await Promise.allSettled([ada.actions.cancel(99n), ada.sender.send(post(5))]);
    expect(refused.status).toBe('rejected');
    expect(next.status).toBe('fulfilled');
  });

  it("names the contract's error and its arguments, and sends nothing", async () => {
    const before = await site.client.getTransactionCount({ address: ada.account.address });
    const refusal = await ada.actions.cancel(99n).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Reverted);
    expect(refusal).toMatchObject({ call: 'cancel', error: 'TaskUnknown' });
    expect((refusal as Error).message).toBe('cancel was refused by the contract: TaskUnknown(99).');
    expect(await site.client.getTransactionCount({ address: ada.account.address })).toBe(before);
  });

  it('names the error of a contract that the called one has called', async () => {
    const planner = await person(site, 4);
    const parameters = { ...smallTask.parameters, preset: `0x${'99'.repeat(32)}` } as const;
    const refusal = await planner.actions.post({ ...smallTask, parameters }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ call: 'post', error: 'PresetUnknown' });
  });

  it('leaves headroom over the estimate', async () => {
    const { account } = ada;
    const gas = async (gasHeadroom: number) => {
      const settings = { gasHeadroom, receiptTimeout: 10_000, pollingInterval: 20 };
      const { sender } = await connect(
        { url: site.anvil.url, deployment: site.deployment, settings },
        account,
      );
      const { transactionHash } = await sender.send(post(6));
      return Number((await site.client.getTransaction({ hash: transactionHash })).gas);
    };
    expect((await gas(50)) / (await gas(0))).toBeCloseTo(1.5, 2);
  });

  it('gives a call that may cost much more than estimated what it is told to spare', async () => {
    const spare = 123_456n;
    const [plain, spared] = await Promise.all(
      [undefined, spare].map(async (more) => {
        const { transactionHash } = await ada.sender.send(post(7), more);
        return (await site.client.getTransaction({ hash: transactionHash })).gas;
      }),
    );
    expect(spared! - plain!).toBe(spare);
  });

  it('waits for what an earlier life of the process sent, so that nothing is done twice', async () => {
    const { actions, account } = ada;
    const wallet = createWalletClient({ account, transport: http(site.anvil.url) });
    const amount = 7n;
    await site.rpc('evm_setAutomine', false);
    // Killed here, with approval and bond in the mempool.
    const earlier = [
      {
        to: site.deployment.token,
        data: encodeFunctionData({
          abi: erc20Abi,
          functionName: 'approve',
          args: [site.deployment.vault, amount],
        }),
      },
      {
        to: site.deployment.vault,
        data: encodeFunctionData({
          abi: stakeVaultAbi,
          functionName: 'bond',
          args: [account.address, amount],
        }),
      },
    ];
    for (const call of earlier) await wallet.sendTransaction({ ...call, gas: 300_000n, chain: null });
    const sent = ada.sender.send(post(7));
    const raced = await Promise.race([
      sent.then(() => 'sent'),
      new Promise((end) => setTimeout(end, 300, 'waits')),
    ]);
    expect(raced).toBe('waits');
    await site.rpc('evm_setAutomine', true);
    await site.rpc('evm_mine');
    await sent;
    expect((await actions.stake()).bonded).toBe(amount);
  });

  it('says what is stuck when it waits in vain', async () => {
    const { account } = ada;
    const wallet = createWalletClient({ account, transport: http(site.anvil.url) });
    const settings = { gasHeadroom: 30, receiptTimeout: 200, pollingInterval: 20 };
    const { sender } = await connect({ url: site.anvil.url, deployment: site.deployment, settings }, account);
    await site.rpc('evm_setAutomine', false);
    await wallet.sendTransaction({ to: account.address, chain: null });
    await expect(sender.send(post(8))).rejects.toThrow(/1 transactions of 0x.* are not mined after 200 ms/);
    await site.rpc('evm_mine');
    await site.rpc('evm_setAutomine', true);
    await sender.send(post(8));
  });

  it('sees a deadline that has passed although no block was made since', async () => {
    const planner = await person(site, 2);
    const task = await planner.actions.post({
      ...smallTask,
      deadlines: { ...smallTask.deadlines, join: 1 },
    });
    await site.rpc('evm_increaseTime', 5);
    const { terms } = await ada.actions.posting(task);
    const seat = {
      role: 'trainer',
      weight: 1,
      stake: 1n,
      terms,
      proof: [],
      entropy: `0x${'01'.repeat(32)}`,
    } as const;
    await expect(ada.actions.join(task, seat)).rejects.toMatchObject({
      error: 'StageOver',
    });
  });
});

describe('a connection', () => {
  it('is refused to another chain, and to nobody', async () => {
    const { account } = ada;
    const deployment = { chainId: 1 };
    await expect(connect({ url: site.anvil.url, deployment }, account)).rejects.toThrow(
      /serves chain 31337, the deployment is on chain 1/,
    );
    await expect(connect({ url: 'http://127.0.0.1:9', deployment }, account)).rejects.toThrow(
      /does not answer/,
    );
  });
});
