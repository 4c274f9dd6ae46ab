// Accounts of the desk over its API: a wrong password opens nothing, a key stays in memory, an account is made once.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountsSchema } from '../../../../desk/index.ts';
import { type DeskAccounts, openAccounts } from '../../../../node/cli/desk/accounts.ts';
import { accountRoutes } from '../../../../node/cli/desk/routes/account_routes.ts';
import type { DeskContext } from '../../../../node/cli/desk/routes/context.ts';
import { sessionRoutes } from '../../../../node/cli/desk/routes/session_routes.ts';
import { type DeskServer, serveDesk } from '../../../../node/cli/desk/serve.ts';
import type { ServerAnswer } from '../../../../node/http/index.ts';
import { cacheFolder } from '../../../cache_folder.ts';

const password = 'correct horse battery staple';
const wrong = 'a password that opens nothing';
let folder: string;
let accounts: DeskAccounts;
let server: DeskServer;
let session: string;
const answers: ServerAnswer[] = [];
const resumed: string[] = [];
/** Tasks in which the account works. */
let atWork: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'murmuration-accounts-'));
  accounts = await openAccounts({ keystore: join(folder, 'keystore'), logN: 4 }, () => undefined);
  const runs = () => ({
    unlocked: async (account: string) => void resumed.push(account),
    working: async () => atWork,
  });
  const context = { accounts, runs } as unknown as DeskContext;
  const settings = { port: 0, cacheFolder, onAnswer: (answer: ServerAnswer) => void answers.push(answer) };
  server = await serveDesk(settings, (sessions, newLink) => [
    ...sessionRoutes(sessions, newLink),
    ...accountRoutes(context),
  ]);
  const token = new URL(server.newLink()).hash.slice(1);
  session = ((await (await send('/api/session', { token })).json()) as { session: string }).session;
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const send = (path: string, body?: unknown, bearer = session) =>
  fetch(`${server.origin}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      origin: server.origin,
      ...(bearer && { authorization: `Bearer ${bearer}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const listed = async () => accountsSchema.parse(await (await send('/api/accounts')).json()).accounts;

describe('accounts', () => {
  it('are made under a password, unlocked and chosen; an empty one makes none', async () => {
    expect(await listed()).toEqual([]);
    expect((await send('/api/accounts', { password: '' })).status).toBe(400);
    expect(await listed()).toEqual([]);
    expect((await send('/api/accounts', { password })).status).toBe(201);
    const [only, ...others] = await listed();
    expect(others).toEqual([]);
    expect(only).toMatchObject({ isUnlocked: true, isChosen: true });
    expect(accounts.unlocked(only!.address)!.account.address).toBe(only!.address);
  });

  it('are locked after a start; a wrong password opens none, says so, and the right one does', async () => {
    const again = await openAccounts({ keystore: join(folder, 'keystore'), logN: 4 }, () => undefined);
    const { address } = (await again.list())[0]!;
    expect(again.unlocked(address)).toBeUndefined();
    await expect(again.unlock(address as `0x${string}`, wrong)).rejects.toMatchObject({ kind: 'malformed' });
    expect(again.unlocked(address)).toBeUndefined();
    await again.unlock(address as `0x${string}`, password);
    expect(again.unlocked(address)).toBeDefined();

    const refused = await send(`/api/accounts/${address}/unlock`, { password: wrong });
    expect(refused.status).toBe(400);
    const { error } = (await refused.json()) as { error: { message: string; mend: string } };
    expect(error.message).toBe(`this is not the password of ${address}`);
    expect(error.mend).toContain('Type it again');
    expect(resumed).toEqual([]);
    expect((await send(`/api/accounts/${address}/unlock`, { password })).status).toBe(200);
    expect(resumed).toEqual([address]);
  });

  it('that are not in the keystore are neither chosen nor unlocked', async () => {
    const stranger = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
    expect((await send(`/api/accounts/${stranger}/choose`, {})).status).toBe(404);
    expect((await send(`/api/accounts/${stranger}/unlock`, { password })).status).toBe(404);
    expect((await listed()).map(({ isChosen }) => isChosen)).toEqual([true]);
  });

  it('are for the page alone', async () => {
    for (const path of ['/api/accounts', `/api/accounts/${accounts.chosen}/unlock`])
      for (const bearer of ['', server.ownerKey])
        expect((await send(path, { password }, bearer)).status, path).toBe(bearer ? 403 : 401);
  });

  it('leave no password in what is told, kept or answered', async () => {
    expect(JSON.stringify(await listed())).not.toContain(password);
    expect(answers.length).toBeGreaterThan(0);
    for (const answer of answers)
      for (const secret of [password, wrong])
        expect(JSON.stringify([answer, String(answer.error)])).not.toContain(secret);
    for (const name of await readdir(join(folder, 'keystore')))
      expect(await readFile(join(folder, 'keystore', name), 'utf8')).not.toContain(password);
  });

  it('are locked again, but not under a role that works', async () => {
    const { address } = (await listed()).find(({ isUnlocked }) => isUnlocked)!;
    atWork = ['7'];
    const refused = await send(`/api/accounts/${address}/lock`, {});
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain('works in task 7');
    expect(accounts.unlocked(address)).toBeDefined();
    atWork = [];
    expect((await send(`/api/accounts/${address}/lock`, {})).status).toBe(200);
    expect(accounts.unlocked(address)).toBeUndefined();
    // Nobody signs with it until its password is typed again.
    expect((await listed()).find((each) => each.address === address)?.isUnlocked).toBe(false);
  });
});
