// What the roles' commands open before they work: deployment, account, store, keys, data. Each failure is one line with its mend.

import { join } from 'node:path';
import { circuits, type Deployment, deploymentSchema, developmentChains } from '@murmuration/contracts';
import type { PresetName } from '@murmuration/core';
import { ensureDevelopmentKeys, type KeySet, loadKeys, manifestName, presets } from '@murmuration/prover';
import { type Address, createPublicClient, http, type PublicClient } from 'viem';
import { toAccount } from 'viem/accounts';
import {
  connect,
  createTaskChain,
  defaultFollowSettings,
  defaultSenderSettings,
  readKeyHashes,
  type TaskChain,
} from '../chain/index.ts';
import { dealDigits, demoMirroredShare } from '../demo/index.ts';
import { openKeystore, readPassword, type UnlockedAccount } from '../keystore/index.ts';
import { type OwnData, readCsv, scaledData, type TaskDescription, tableData } from '../learn/index.ts';
import { keyHash } from '../protocol/index.ts';
import { createMember, type Member, type Observer } from '../roles/index.ts';
import { type ContentStore, createFolderStore, createKuboStore } from '../store/index.ts';
import { cacheFolder } from './cache_folder.ts';
import { describeIssues, UserError } from './errors.ts';
import { readJson, readRows } from './files.ts';
import type { DataChoice, Settings } from './settings.ts';

/** Blocks above a block before it counts, on chains that reorganise: development chains do not. */
const defaultConfirmations = 5;

/** What kubo nodes exchange of one block, at most: dealings among many trainers are larger than its default of 1 MiB. */
const maxKuboBlock = 2 * 2 ** 20;

/** The deployment file, checked. */
export async function openDeployment({ deployment }: Settings): Promise<Deployment> {
  const json = await readJson(deployment).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT')
      throw new UserError(
        `no deployment at ${deployment}; make one with \`murmur deploy\`, or set --deployment.`,
      );
    throw error;
  });
  const parsed = deploymentSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new UserError(
    `${deployment}: ${describeIssues(parsed.error)}. It must be a file of \`murmur deploy\`.`,
  );
}

/** A connection that only reads. @throws UserError when nothing answers or it is another chain. */
export async function openReader({ rpc }: Settings, deployment: Deployment): Promise<PublicClient> {
  const client = createPublicClient({ transport: http(rpc) });
  const found = await client.getChainId().catch(() => {
    throw new UserError(`${rpc} does not answer; start the chain's node, or set another --rpc.`);
  });
  if (found !== deployment.chainId)
    throw new UserError(
      `${rpc} serves chain ${found}, the deployment is on chain ${deployment.chainId}; set another --rpc or --deployment.`,
    );
  if (!(await client.getCode({ address: deployment.marketplace })))
    throw new UserError(
      `${rpc} has no contracts at ${deployment.marketplace}: its chain was begun anew since the deployment, or is another one. Set another --rpc, or deploy again.`,
    );
  return client;
}

/** Which account: the one that is named, or the only one there is. */
export async function chooseAccount({ account, keystore }: Settings): Promise<Address> {
  const accounts = await openKeystore(keystore).accounts();
  if (account) {
    if (accounts.includes(account)) return account;
    throw new UserError(`account ${account} is not in ${keystore}; see \`murmur account list\`.`);
  }
  if (accounts.length === 1) return accounts[0]!;
  throw new UserError(
    accounts.length === 0
      ? `no account in ${keystore}; make one with \`murmur account new\`.`
      : `${accounts.length} accounts in ${keystore}; choose one with --account.`,
  );
}

/** Unlocks the account with the password from a file, the environment or the terminal. */
export async function unlock(settings: Settings): Promise<UnlockedAccount> {
  const account = await chooseAccount(settings);
  const file = settings['password-file'];
  const password = await readPassword(`Password of ${account}`, file ? { file } : {});
  return openKeystore(settings.keystore)
    .unlock(account, password)
    .catch((error: Error) => {
      throw new UserError(`${account} in ${settings.keystore}: ${error.message.replace(/^keystore: /, '')}.`);
    });
}

/** The account at work; its state folder is `--state`, or one below the home folder for its role and task. */
export async function openMember(
  settings: Settings,
  deployment: Deployment,
  name: string,
  observe: Observer = () => undefined,
): Promise<Member> {
  await openReader(settings, deployment);
  const unlocked = await unlock(settings);
  const place = [name, settings.task, unlocked.account.address.toLowerCase()].filter(Boolean).join('-');
  const development = developmentChains.includes(deployment.chainId);
  return createMember({
    name,
    unlocked,
    folder: settings.state ?? join(settings.home, 'state', place),
    observe,
    chain: {
      url: settings.rpc,
      deployment,
      follow: {
        ...defaultFollowSettings,
        confirmations: settings.confirmations ?? (development ? 0 : defaultConfirmations),
      },
      sender: { ...defaultSenderSettings, pollingInterval: development ? 100 : 1000 },
    },
  });
}

/** A task as anybody can see it; `account` says whose seat is looked at, and nothing can be sent. */
export async function openOnlooker(
  settings: Settings,
  deployment: Deployment,
  account: Address,
  task: bigint,
): Promise<{ client: PublicClient; chain: TaskChain }> {
  await openReader(settings, deployment);
  const { client, sender } = await connect({ url: settings.rpc, deployment }, toAccount(account));
  const chain = createTaskChain({
    client,
    sender,
    deployment,
    task,
    follow: defaultFollowSettings,
    onTransaction: () => undefined,
  });
  return { client, chain };
}

/** The content store, started. */
export async function openStore({ store }: Settings): Promise<ContentStore> {
  const opened = store.startsWith('kubo:')
    ? createKuboStore({ endpoint: store.slice(5), maxBlock: maxKuboBlock })
    : createFolderStore(store);
  await opened.start();
  return opened;
}

/** A preset's keys: those of the manifests given, else, on a development chain, development keys. */
export async function openKeys(
  settings: Settings,
  deployment: Pick<Deployment, 'chainId'>,
  preset: PresetName,
  say: (text: string) => void,
): Promise<KeySet> {
  for (const given of settings.keys ?? []) {
    const keys = await loadKeys(given.endsWith('.json') ? given : join(given, manifestName));
    if (keys.preset === preset) return keys;
  }
  if (settings.keys)
    throw new UserError(`no manifest of --keys is of preset ${preset}, which the task needs.`);
  if (!developmentChains.includes(deployment.chainId))
    throw new UserError(
      `chain ${deployment.chainId} is no development chain; give --keys with the manifest of the ceremony.`,
    );
  return ensureDevelopmentKeys(preset, {
    cacheFolder: cacheFolder(),
    onProgress: ({ stage, id }) => say(`${stage} ${id}`),
  });
}

/** @throws UserError unless the verifiers on chain hold these keys: every proof would fail there, and cost stake. */
export async function checkKeys(client: PublicClient, deployment: Deployment, keys: KeySet): Promise<void> {
  const { hashes } = await readKeyHashes(client, deployment, presets[keys.preset].id);
  const wrong = circuits.filter((name, at) => keyHash(keys.circuit(name).verifyingKey) !== hashes[at]);
  if (wrong.length > 0)
    throw new UserError(
      `${keys.folder}: its keys of ${wrong.join(', ')} are not those of the deployment; every proof would fail. Set --keys to the manifest that was deployed.`,
    );
}

/** A role's data: a trainer's, or a validator's hold-out. @throws UserError naming a CSV file, and of a bad cell its row and column. */
export async function openData(
  choice: DataChoice,
  description: TaskDescription,
  role: 'trainer' | 'validator',
  seed: number,
): Promise<OwnData> {
  const spec = description.data;
  if (choice.kind !== spec.kind)
    throw new UserError(`--data is ${choice.kind}, but the task's data are ${spec.kind}.`);
  if (spec.kind === 'csv') {
    const { file } = choice as Extract<DataChoice, { kind: 'csv' }>;
    return readRows(file, async () => tableData(await readCsv(file, spec), spec));
  }
  const { part, of, mirrored } = choice as Extract<DataChoice, { kind: 'mnist' }>;
  if (role === 'validator' && mirrored)
    throw new UserError('--data: a validator holds out plain and mirrored digits; leave out :mirrored.');
  const count = role === 'trainer' ? of : 1;
  const digits = await dealDigits({
    seed,
    trainers: Array(count).fill(mirrored ? 'mirrored' : 'plain'),
    validators: role === 'validator' ? of : 1,
    mirroredShare: demoMirroredShare,
    side: spec.side,
  });
  return scaledData((role === 'trainer' ? digits.trainers : digits.validators)[part - 1]!);
}
