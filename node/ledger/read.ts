// Reads a deployment's logs into an account's ledger, and what the vault itself says at the same block.
import { type Deployment, settlementAbi, stakeVaultAbi } from '@murmuration/contracts';
import type { Address, PublicClient } from 'viem';
import { readLogs } from '../chain/index.ts';
import { eventsOf, explain } from './explain.ts';
import { type Books, bookNames, type Ledger } from './movement.ts';

/** An account's ledger up to a block, beside the vault's own books at that block. */
export interface Statement extends Ledger {
  readonly block: bigint;
  readonly vault: Books;
  /** The books that the explanation does not add up to: none, unless the deployment is of another version. */
  readonly differing: readonly (keyof Books)[];
}

/** Reads an account's statement. */
export async function readStatement(
  client: PublicClient,
  deployment: Deployment,
  account: Address,
): Promise<Statement> {
  const { marketplace, rounds, validation, settlement, vault, fromBlock } = deployment;
  const address = [marketplace, rounds, validation, settlement, vault];
  const { logs, next } = await readLogs(client, BigInt(fromBlock), (blocks) =>
    client.getLogs({ address, ...blocks }),
  );
  const block = next - 1n;
  const { movements, books } = explain(eventsOf(logs), account);
  const tasks = new Set(movements.flatMap(({ task, kind }) => (kind === 'pledge' && task ? [task] : [])));
  const at = { client, deployment, account, block };
  const vaultBooks = await readBooks(at, [...tasks]);
  const differing = bookNames.filter((name) => books[name] !== vaultBooks[name]);
  return { account, movements, books, block, vault: vaultBooks, differing };
}

/** The vault's books of an account at a block. */
async function readBooks(
  at: {
    readonly client: PublicClient;
    readonly deployment: Deployment;
    readonly account: Address;
    readonly block: bigint;
  },
  tasks: readonly bigint[],
): Promise<Books> {
  const { client, deployment, account, block: blockNumber } = at;
  const vault = { address: deployment.vault, abi: stakeVaultAbi, blockNumber } as const;
  const settlement = { address: deployment.settlement, abi: settlementAbi, blockNumber } as const;
  const [{ bonded, queued, pledged }, credit, ...held] = await Promise.all([
    client.readContract({ ...vault, functionName: 'stakeOf', args: [account] }),
    client.readContract({ ...vault, functionName: 'creditOf', args: [account] }),
    ...tasks.map(async (task) => {
      const args = [task, account] as const;
      const pledge = await client.readContract({ ...vault, functionName: 'pledgeOf', args });
      return pledge === 0n ? 0n : client.readContract({ ...settlement, functionName: 'heldOf', args });
    }),
  ]);
  return { bonded, queued, pledged, credit, held: held.reduce((sum, each) => sum + each, 0n) };
}
