// Sends a deployment's transactions one after the other, and says in the contracts' words why one fails.
import {
  type Abi,
  type Address,
  BaseError,
  createPublicClient,
  createWalletClient,
  decodeErrorResult,
  getAddress,
  getContractAddress,
  type Hash,
  type Hex,
  http,
  isHex,
  type LocalAccount,
} from 'viem';
import type { Artifacts, ContractName } from '../artifacts.ts';

export interface Deployer {
  /** Deploys a contract and waits for it. */
  create(name: ContractName, args: readonly unknown[]): Promise<Address>;
  /** Calls a function and waits for it. */
  call(name: ContractName, address: Address, functionName: string, args: readonly unknown[]): Promise<void>;
  /** The addresses of the account's next contracts, if nothing else uses the account. */
  next(count: number): Promise<Address[]>;
}

export function createDeployer(url: string, account: LocalAccount, artifacts: Artifacts): Deployer {
  const transport = http(url);
  const reader = createPublicClient({ transport, pollingInterval: 100 });
  const wallet = createWalletClient({ account, transport });

  async function send(what: string, abi: Abi, transaction: () => Promise<Hash>) {
    const hash = await transaction().catch((error: unknown) => {
      throw new Error(`deploy: ${what} would fail: ${reason(abi, error)}`, { cause: error });
    });
    const receipt = await reader.waitForTransactionReceipt({ hash });
    if (receipt.status !== 'success') throw new Error(`deploy: ${what} failed in transaction ${hash}`);
    return receipt;
  }

  return {
    async create(name, args) {
      const { abi, bytecode } = artifacts[name];
      const receipt = await send(name, abi, () =>
        wallet.deployContract({ abi, bytecode, args, chain: null }),
      );
      return getAddress(receipt.contractAddress!);
    },
    async call(name, address, functionName, args) {
      const { abi } = artifacts[name];
      await send(`${name}.${functionName}`, abi, () =>
        wallet.writeContract({ address, abi, functionName, args, chain: null }),
      );
    },
    async next(count) {
      const nonce = await reader.getTransactionCount({ address: account.address });
      return Array.from({ length: count }, (_, i) =>
        getContractAddress({ from: account.address, nonce: BigInt(nonce + i) }),
      );
    },
  };
}

/** The contract's own error where there is one, else the first line of the client's. */
function reason(abi: Abi, error: unknown): string {
  if (!(error instanceof BaseError)) return error instanceof Error ? error.message : String(error);
  const data = revertData(error);
  if (data !== undefined) {
    try {
      const { errorName, args } = decodeErrorResult({ abi, data });
      return `${errorName}(${(args ?? []).map(String).join(', ')})`;
    } catch {
      // not an error of this contract: the client's words it is
    }
  }
  return error.shortMessage;
}

function revertData(error: BaseError): Hex | undefined {
  const holder = error.walk((inner) => isHex((inner as { data?: unknown }).data)) as { data?: Hex } | null;
  return holder?.data;
}
