// Routes of the account's own roles: take a seat and train, follow, stop, go on, leave.
import { doneSchema, runsSchema, trainSchema } from '@murmuration/desk';
import { getAddress } from 'viem';
import { z } from 'zod';
import { readTask } from '../../../chain/index.ts';
import { Refusal, type Route } from '../../../http/index.ts';
import { listingOf } from '../../files/listing.ts';
import type { OpenPlace } from '../place.ts';
import { refusing } from '../refuse.ts';
import { checkWish } from '../runs/check_wish.ts';
import type { DeskContext } from './context.ts';
import { route } from './route.ts';

type TrainOutput = z.output<typeof trainSchema>;

const params = z.strictObject({
  task: z
    .string()
    .regex(/^[1-9]\d{0,17}$/)
    .describe('the task'),
});
const begun = { what: 'it has begun: follow it', schema: doneSchema };
const notReady = { what: 'not now; the message says why' };
const notFound = { what: 'no role of this desk is in that task' };

export function runRoutes(context: DeskContext): readonly Route[] {
  const { market, accounts, files } = context;
  const runs = () => {
    const book = context.runs();
    if (book) return book;
    throw new Refusal('unavailable', 'the chain is not open yet', { mend: 'Wait a little.' });
  };
  /** What is asked for in the example, whose own task has rows of its own. */
  function exampleWish(task: string, { file, role, reading, acceptRisks }: TrainOutput) {
    if (role !== 'trainer') throw new Refusal('malformed', "the example's free seat is a trainer's");
    if (file === undefined && !context.place.open?.example?.rowsOf(BigInt(task)))
      throw new Refusal('malformed', `the example has no rows for task ${task}`, {
        mend: 'Give a file that fits it.',
      });
    return { task, role, reading, acceptRisks, ...(file !== undefined && { file }) };
  }
  /** What is asked for on a chain that was named, once nothing speaks against it. */
  async function namedWish(open: OpenPlace, task: string, asked: TrainOutput) {
    const { file, stake, terms, members, owner, ...rest } = asked;
    const account = accounts?.chosen;
    if (account === undefined || accounts?.unlocked(account) === undefined)
      throw new Refusal('not-ready', `${account ? `account ${account} is locked` : 'no account is chosen'}`, {
        mend: 'Choose an account and unlock it with its password.',
      });
    if (file === undefined)
      throw new Refusal('malformed', `no rows are given for task ${task}`, {
        mend: 'Give a file that fits it.',
      });
    if (stake === undefined || terms === undefined)
      throw new Refusal('malformed', 'the stake, and the terms that were agreed to, have to be named');
    const { client, deployment } = open;
    const posted = await readTask(client, deployment, BigInt(task));
    const { role } = rest;
    const root = posted.parameters.members;
    const listing = listingOf(members, { account, role, root });
    const wish = {
      ...rest,
      task,
      account,
      stake,
      file,
      listing,
      ...(owner !== undefined && { owner: getAddress(owner) }),
    };
    await checkWish({ client, deployment, files, market: market() }, { posted, wish, terms });
    return wish;
  }
  return [
    route({
      method: 'GET',
      path: '/api/runs',
      summary: "The account's roles: what they do, what came of it, and why",
      scopes: ['page'],
      answers: { 200: { what: 'roles', schema: runsSchema } },
      handle: async () => ({ runs: (await context.runs()?.list()) ?? [] }),
    }),
    route({
      method: 'POST',
      path: '/api/tasks/{task}/train',
      summary:
        'Take a seat of a task, and work in it; every reason against it is said before anything is pledged',
      scopes: ['page'],
      params,
      body: trainSchema,
      answers: { 202: begun, 409: notReady },
      async handle({ params: { task }, body, reply }) {
        const found = (await market().read()).tasks.find((each) => each.task === task);
        if (!found) throw new Refusal('not-found', `there is no task ${task}`);
        const { open } = context.place;
        const wish =
          open && !open.example
            ? await refusing('not-ready', () => namedWish(open, task, body))
            : exampleWish(task, body);
        await runs().begin({ ...wish, name: found.name ?? `task ${task}` });
        reply.code(202);
        return { done: ['begins'] };
      },
    }),
    route({
      method: 'POST',
      path: '/api/tasks/{task}/stop',
      summary: 'Stop the role; the seat stays, and its duties are missed meanwhile',
      scopes: ['page'],
      params,
      answers: { 200: { what: 'it is stopped', schema: doneSchema }, 404: notFound },
      async handle({ params: { task } }) {
        await runs().stop(task);
        return { done: ['stopped'] };
      },
    }),
    route({
      method: 'POST',
      path: '/api/tasks/{task}/start',
      summary: 'Go on with a role that was stopped or has failed',
      scopes: ['page'],
      params,
      answers: { 202: begun, 404: notFound, 409: notReady },
      async handle({ params: { task }, reply }) {
        await runs().resume(task);
        reply.code(202);
        return { done: ['begins'] };
      },
    }),
    route({
      method: 'POST',
      path: '/api/tasks/{task}/forget',
      summary: 'Give up a seat that still waits for the signature of its owner',
      scopes: ['page'],
      params,
      answers: { 200: { what: 'it is given up', schema: doneSchema }, 404: notFound, 409: notReady },
      async handle({ params: { task } }) {
        await runs().forget(task);
        return { done: ['given up'] };
      },
    }),
    route({
      method: 'POST',
      path: '/api/tasks/{task}/leave',
      summary:
        'Take the application back; or, after the task, get out stake and earnings as far as they are due',
      scopes: ['page'],
      params,
      answers: { 200: { what: 'what was done', schema: doneSchema }, 404: notFound, 409: notReady },
      handle: async ({ params: { task } }) => ({ done: await runs().leave(task) }),
    }),
  ];
}
