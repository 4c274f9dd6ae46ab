// A federation that outlives its process: chain, accounts, content and state lie in one folder. Started again
// after an interrupt or a kill, it goes on where it was; everything on the way to the start may be repeated.
import { randomBytes } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Anvil, createAnvil, type Deployment, deploy, deploymentSchema } from '@murmuration/contracts';
import { createPublicClient, getAddress, http, type PublicClient } from 'viem';
import { z } from 'zod';
import { readTask } from '../chain/index.ts';
import { NodeError } from '../errors.ts';
import { openKeystore, type UnlockedAccount } from '../keystore/index.ts';
import { type Document, type DocumentForm, makeFolder, openState, writeAtomically } from '../state/index.ts';
import { createFolderStore } from '../store/index.ts';
import {
  assembleFederation,
  type FederationSettings,
  type Ground,
  type LocalFederation,
} from './assembly.ts';
import { withClosers } from './closers.ts';
import { joinFurther } from './further.ts';
import { presetKeys } from './keys.ts';
import { localChain } from './members.ts';
import { type LocalInput, type LocalOptions, localOptions } from './options.ts';
import { startTools } from './tools.ts';

/** Cost of the keystore's scrypt: its password lies beside it, on a development chain. */
const logN = 12;

interface Roster {
  readonly options: LocalOptions;
  /** The accounts' addresses, by their members' names. */
  readonly accounts: Readonly<Record<string, string>>;
}

/** The part of a federation that is not on the chain: its options, and its members' accounts. */
const rosterForm: DocumentForm<Roster> = {
  name: 'roster',
  version: 2,
  schema: z.strictObject({ options: localOptions, accounts: z.record(z.string(), z.string()) }),
};

const portForm: DocumentForm<{ port: number }> = {
  name: 'chain',
  version: 1,
  schema: z.strictObject({ port: z.int().min(1).max(65_535) }),
};

/** A federation in a folder, with what other commands need to look at it. */
export interface PersistentFederation extends LocalFederation {
  /** Of the chain's JSON-RPC. */
  readonly url: string;
  readonly deployment: Deployment;
  /** Reads the chain. */
  readonly client: PublicClient;
  /** An account of the folder by its name: made when it is first asked for. */
  account(name: string): Promise<UnlockedAccount>;
  /**
   * Lets the same parties, under accounts of their own, into another task of this chain whose first seat is free; set
   * up and not started. It stops with the federation.
   */
  further(task: bigint, planner: UnlockedAccount): Promise<LocalFederation>;
}

/**
 * Sets a federation up in `folder`, or finds it there. Stopped, it leaves everything in the folder.
 * @throws NodeError `input` where the folder holds one with other options; `state` where parts of it are
 * missing.
 */
export async function openPersistentFederation(
  input: LocalInput,
  folder: string,
  hearers: Omit<FederationSettings, 'options'>,
): Promise<PersistentFederation> {
  const settings = { ...hearers, options: localOptions.parse(input) };
  const { options, say } = settings;
  return withClosers(async (closers) => {
    await makeFolder(folder, 0o700);
    const state = await openState(join(folder, 'state'));
    closers.add(() => state.close());
    const roster = state.document(rosterForm);
    const known = await roster.update((value) => value ?? { options, accounts: {} });
    checkSame(known.options, options, folder);
    const { keys, tools } = await startTools(settings, closers);

    say('chain and deployment');
    const anvil = await startChain(options.port, join(folder, 'chain.json'), state.document(portForm));
    closers.add(() => anvil.stop());
    const { url } = anvil;
    const deployment = await deployOnce(join(folder, 'deployment.json'), () =>
      deploy({
        url,
        account: anvil.account(0),
        presets: [presetKeys(keys)],
        cacheFolder: settings.cacheFolder,
      }),
    );
    const client = createPublicClient({ transport: http(url) });
    await checkChain(client, deployment, folder);
    const store = createFolderStore(join(folder, 'store'));
    await store.start();
    closers.add(() => store.stop());

    const account = await accountsIn(folder, roster);
    const ground: Ground = {
      chain: localChain({ url, deployment }),
      store,
      tools,
      folder: join(folder, 'state'),
      account,
    };
    const federation = await assembleFederation(ground, settings);
    const others: LocalFederation[] = [];
    return {
      ...federation,
      url,
      deployment,
      client,
      account,
      async further(task, planner) {
        const made = await joinFurther({ ...ground, chain: localChain({ url, deployment }) }, settings, {
          posted: await readTask(client, deployment, task),
          planner,
        });
        others.push(made);
        return made;
      },
      async stop() {
        try {
          await Promise.all([federation, ...others].map((each) => each.stop()));
        } finally {
          await closers.close();
        }
      },
    };
  });
}

/**
 * Starts the chain on its port of last time, unless another is asked for. After a kill the old chain may
 * still be writing its state down; it lets go of the port when it is done, and only then may the new one
 * read.
 */
async function startChain(asked: number, file: string, last: Document<{ port: number }>): Promise<Anvil> {
  const port = (asked || (await last.read())?.port) ?? 0;
  const until = performance.now() + 15_000;
  for (;;) {
    const anvil = createAnvil({ port, state: file });
    try {
      await anvil.start();
      // A URL leaves out HTTP's own port.
      await last.write({ port: Number(new URL(anvil.url).port || 80) });
      return anvil;
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!taken || performance.now() > until) throw error;
      await sleep(250);
    }
  }
}

/** Compares what would make the folder's accounts and data another federation; the port may change. */
function checkSame(known: LocalOptions, asked: LocalOptions, folder: string): void {
  const names = Object.keys(known) as (keyof LocalOptions)[];
  const changed = names.filter((name) => name !== 'port' && String(known[name]) !== String(asked[name]));
  if (changed.length > 0)
    throw new NodeError(
      'input',
      `${folder} holds a federation with other ${changed.join(', ')} ` +
        `(${changed.map((name) => known[name]).join(', ')})`,
      { mend: 'Give the same, or another folder.' },
    );
}

/** Deploys and keeps the file, or reads it. */
async function deployOnce(file: string, make: () => Promise<Deployment>): Promise<Deployment> {
  const there = await access(file).then(
    () => true,
    () => false,
  );
  if (there) return deploymentSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const deployment = await make();
  await writeAtomically(file, `${JSON.stringify(deployment, null, 2)}\n`);
  return deployment;
}

/** @throws NodeError `state` where the chain's file was lost, so that the contracts are not there. */
async function checkChain(client: PublicClient, { marketplace }: Deployment, folder: string): Promise<void> {
  if (await client.getCode({ address: marketplace })) return;
  throw new NodeError('state', `${folder}: its chain does not hold its contracts`, {
    mend: 'Remove the folder to begin anew.',
  });
}

/** The folder's accounts: each is made when it is first asked for, and entered into the roster. */
async function accountsIn(
  folder: string,
  roster: Document<Roster>,
): Promise<(name: string) => Promise<UnlockedAccount>> {
  const keystore = openKeystore(join(folder, 'keystore'), logN);
  const password = await ownPassword(join(folder, 'password'));
  return async (name) => {
    const { accounts } = await roster.update(async (value) => {
      const { options, accounts: known } = value!;
      const address = known[name] ?? (await keystore.createAccount(password));
      return { options, accounts: { ...known, [name]: address } };
    });
    return keystore.unlock(getAddress(accounts[name]!), password);
  };
}

/** The password that opens the folder's accounts, made once. */
async function ownPassword(file: string): Promise<string> {
  const there = await readFile(file, 'utf8').catch(() => undefined);
  if (there) return there.trim();
  const password = randomBytes(24).toString('base64url');
  await writeAtomically(file, `${password}\n`);
  return password;
}
