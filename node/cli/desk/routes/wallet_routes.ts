// Routes of the browser's wallets: what one has, and what it is asked to sign. Keys of wallets never come here.
import { askSigningSchema, signingSchema, transactionSchema, walletSchema } from '@murmuration/desk';
import { getAddress, type Hex, isAddressEqual, TransactionReceiptNotFoundError } from 'viem';
import { z } from 'zod';
import { Refusal, type Route } from '../../../http/index.ts';
import { checkDeployment } from '../../open/trust.ts';
import { refusing } from '../refuse.ts';
import { asAccount, joinSigning, moneySigning } from '../wallet/signing.ts';
import { readOperator, readWallet } from '../wallet/wallet_view.ts';
import type { DeskContext } from './context.ts';
import { route } from './route.ts';

const params = z.strictObject({ owner: walletSchema.shape.owner.describe('the account of the wallet') });

const transactionParams = z.strictObject({
  hash: z
    .string()
    .regex(/^0x[0-9a-f]{64}$/i)
    .describe('of the transaction'),
});

export function walletRoutes(context: DeskContext): readonly Route[] {
  const opened = () => {
    const { open } = context.place;
    if (!open) throw new Refusal('unavailable', 'the chain is not open yet', { mend: 'Wait a little.' });
    if (open.example)
      throw new Refusal('not-found', 'the example has its own account, and play money', {
        mend: 'Name a chain to use a wallet: `murmur open --deployment FILE --rpc URL`.',
      });
    return open;
  };
  let trusted: Promise<void> | undefined;
  /** Once a start: a false deployment would keep the stake. */
  function checkOnce(): Promise<void> {
    const { client, deployment, settings } = opened();
    trusted ??= checkDeployment({ client, deployment, keys: [], cache: settings.cache }).catch(
      (error: unknown) => {
        trusted = undefined;
        throw error;
      },
    );
    return trusted;
  }
  /** Two signatures for one thing would bring its stake twice. */
  async function checkPending(owner: `0x${string}`): Promise<void> {
    const { client } = opened();
    const [mined, sent] = await Promise.all([
      client.getTransactionCount({ address: owner, blockTag: 'latest' }),
      client.getTransactionCount({ address: owner, blockTag: 'pending' }),
    ]);
    if (sent > mined)
      throw new Refusal('not-ready', `${owner} has sent a transaction that is in no block yet`, {
        mend: 'Wait for it, or raise its fee in the wallet.',
      });
  }
  async function signingToJoin(task: string, owner: `0x${string}`) {
    const open = opened();
    const wish = await context.runs()?.wish(task);
    if (wish?.owner === undefined || wish.account === undefined || wish.stake === undefined)
      throw new Refusal('not-found', `no role of this desk waits for a wallet in task ${task}`);
    if (!isAddressEqual(wish.owner, owner))
      throw new Refusal('not-ready', `the wallet shows ${owner}, but ${wish.owner} is to own the stake`, {
        mend: `Choose ${wish.owner} in the wallet, or take the application back and join with another.`,
      });
    const signer = context.accounts?.unlocked(wish.account)?.account;
    if (!signer)
      throw new Refusal('not-ready', `account ${wish.account} is locked`, {
        mend: 'Unlock it with its password.',
      });
    await checkOnce();
    const { account, role, stake } = wish;
    const wanted = { task: BigInt(task), role, account, owner, stake: BigInt(stake) };
    return joinSigning(open, wanted, asAccount(open, wanted, signer));
  }
  return [
    route({
      method: 'GET',
      path: '/api/wallets/{owner}',
      summary: 'What a wallet has on this chain, and through the accounts that it owns',
      scopes: ['page'],
      params,
      answers: { 200: { what: 'the wallet', schema: walletSchema } },
      handle: ({ params: { owner } }) => readWallet(opened(), getAddress(owner)),
    }),
    route({
      method: 'GET',
      path: '/api/transactions/{hash}',
      summary: "Whether the node's own chain has a transaction: what is asked for next counts on it",
      scopes: ['page'],
      params: transactionParams,
      answers: { 200: { what: 'how it stands', schema: transactionSchema } },
      async handle({ params: { hash } }) {
        try {
          const { status } = await opened().client.getTransactionReceipt({ hash: hash as Hex });
          return { state: status };
        } catch (error) {
          if (error instanceof TransactionReceiptNotFoundError) return { state: 'pending' as const };
          throw error;
        }
      },
    }),
    route({
      method: 'POST',
      path: '/api/wallets/{owner}/signing',
      summary: 'The calls that the wallet is to sign, each with its words; nothing is sent here',
      scopes: ['page'],
      params,
      body: askSigningSchema,
      answers: {
        200: { what: 'the calls', schema: signingSchema },
        404: { what: 'nothing waits for a wallet' },
        409: { what: 'not now; the message says why' },
      },
      async handle({ params, body }) {
        const owner = getAddress(params.owner);
        const open = opened();
        await checkPending(owner);
        return refusing('not-ready', async () => {
          if ('task' in body) {
            if (body.what === 'join') return signingToJoin(body.task, owner);
            await checkOnce();
            return (await context.hosted()).signing(body.task, body.what, owner);
          }
          const operator = await readOperator(open, getAddress(body.operator));
          if (!isAddressEqual(operator.owner, owner))
            throw new Refusal(
              'not-ready',
              `${operator.address} is owned by ${operator.owner}, not by ${owner}`,
              {
                mend: `Choose ${operator.owner} in the wallet.`,
              },
            );
          return moneySigning(open, owner, body.what, operator);
        });
      },
    }),
  ];
}
