// The members of a local federation: each with an account, a connection, a memory and, for trainers, a peer of its own.
import { join } from 'node:path';
import { bytesToHex, encodeAbiParameters, hexToBytes, keccak256, parseAbiParameters, parseEther } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import type { Anvil, Deployment } from '../../contracts/index.ts';
import {
  type AccountActions,
  connect,
  createActions,
  createTaskChain,
  defaultFollowSettings,
  type TaskChain,
} from '../chain/index.ts';
import { type SecretBox, secretBox } from '../keystore/index.ts';
import type { Memory } from '../roles/context.ts';
import { createMemory } from '../roles/memory.ts';
import type { Observer } from '../roles/observer.ts';
import { openState, type State } from '../state/index.ts';
import { fund } from './funds.ts';

/** An account at work in the federation, before it knows its task. */
export interface LocalAccount {
  readonly name: string;
  readonly actions: AccountActions;
  readonly box: SecretBox;
  readonly memory: Memory;
  readonly state: State;
  readonly signer: ReturnType<typeof privateKeyToAccount>;
  /** The chain as this account sees a task. */
  chain(task: bigint): TaskChain;
}

/** A new account with money for gas and `tokens` of the development token. */
export async function createLocalAccount(
  name: string,
  anvil: Anvil,
  deployment: Deployment,
  folder: string,
  tokens: bigint,
  observe: Observer,
): Promise<LocalAccount> {
  const key = generatePrivateKey();
  const signer = privateKeyToAccount(key);
  await fund(anvil, deployment, signer.address, parseEther('10'), tokens);
  const { client, sender } = await connect(anvil.url, signer, deployment, {
    gasHeadroom: 30,
    receiptTimeout: 60_000,
    pollingInterval: 100,
  });
  const box = secretBox(hexToBytes(key));
  const state = await openState(join(folder, name.replaceAll(' ', '-')));
  let chain: TaskChain | undefined;
  const onTransaction = (call: string, gas: bigint) =>
    observe({
      type: 'transaction',
      account: signer.address,
      round: chain?.journal.rounds.at(-1)?.number ?? 0,
      call,
      gas,
    });
  return {
    name,
    signer,
    box,
    actions: createActions(client, sender, deployment, onTransaction),
    state,
    memory: createMemory(state, box),
    chain(task) {
      chain ??= createTaskChain({
        client,
        sender,
        deployment,
        task,
        follow: defaultFollowSettings,
        onTransaction,
      });
      return chain;
    },
  };
}

/** The commitment to an account's secret for the draw, and the secret: derived, so that a restart knows it. */
export function entropyOf({ box, signer }: LocalAccount, task: bigint) {
  const secret = bytesToHex(box.seed(`draw/${task}`));
  const layout = encodeAbiParameters(parseAbiParameters('bytes32, address'), [secret, signer.address]);
  return { secret, entropy: keccak256(layout) };
}

/** An application with weight 1 for an open task. */
export async function apply(
  account: LocalAccount,
  task: bigint,
  role: 'trainer' | 'validator',
  stake: bigint,
): Promise<void> {
  const { entropy } = entropyOf(account, task);
  await account.actions.bond(stake);
  await account.actions.join(task, role, { weight: 1, stake, proof: [], entropy });
}
