// Routes of the keystore's accounts. Passwords come in bodies alone: addresses of requests are what others log.
import { accountSchema, accountsSchema, passwordSchema } from '@murmuration/desk';
import { getAddress } from 'viem';
import { z } from 'zod';
import { Refusal, type Route } from '../../../http/index.ts';
import type { DeskContext } from './context.ts';
import { route } from './route.ts';

const params = z.strictObject({ account: accountSchema.shape.address });
const listed = { what: 'accounts', schema: accountsSchema };
const notFound = { what: 'no such account' };

export function accountRoutes(context: DeskContext): readonly Route[] {
  const { accounts } = context;
  const own = () => {
    if (accounts) return accounts;
    throw new Refusal('not-found', 'the example has its own account', {
      mend: 'Name a chain to use yours: `murmur open --deployment FILE --rpc URL`.',
    });
  };
  const list = async () => ({ accounts: (await accounts?.list()) ?? [] });
  return [
    route({
      method: 'GET',
      path: '/api/accounts',
      summary: "The keystore's accounts; none in the example, which has its own",
      scopes: ['page'],
      answers: { 200: listed },
      handle: list,
    }),
    route({
      method: 'POST',
      path: '/api/accounts',
      summary: 'Make an account under a password; it is unlocked and chosen',
      scopes: ['page'],
      body: passwordSchema,
      answers: { 201: listed },
      async handle({ body: { password }, reply }) {
        await own().create(password);
        reply.code(201);
        return list();
      },
    }),
    route({
      method: 'POST',
      path: '/api/accounts/{account}/choose',
      summary: 'Show the money and seats of another account',
      scopes: ['page'],
      params,
      answers: { 200: listed, 404: notFound },
      async handle({ params: { account } }) {
        await own().choose(getAddress(account));
        return list();
      },
    }),
    route({
      method: 'POST',
      path: '/api/accounts/{account}/unlock',
      summary: 'Open its key for as long as the node runs, and choose it; its roles that were at work go on',
      scopes: ['page'],
      params,
      body: passwordSchema,
      answers: { 200: listed, 400: { what: 'not its password' }, 404: notFound },
      async handle({ params: { account }, body: { password } }) {
        const address = getAddress(account);
        await own().unlock(address, password);
        await context.runs()?.unlocked(address);
        return list();
      },
    }),
    route({
      method: 'POST',
      path: '/api/accounts/{account}/lock',
      summary: 'Forget its key, where none of its roles works',
      scopes: ['page'],
      params,
      answers: { 200: listed, 404: notFound, 409: { what: 'one of its roles works with the key' } },
      async handle({ params: { account } }) {
        const address = getAddress(account);
        const works = (await context.runs()?.working(address)) ?? [];
        if (works.length > 0)
          throw new Refusal('not-ready', `the account works in task ${works.join(', ')}`, {
            mend: 'Stop that first: duties that are missed cost stake.',
          });
        await own().lock(address);
        return list();
      },
    }),
  ];
}
