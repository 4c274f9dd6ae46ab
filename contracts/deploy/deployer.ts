// Sends a deployment's transactions one after the other, and says in the contracts' words why one fails.
import { reasonOf } from '@murmuration/core';
import {
  type Abi,
  type Address,
  BaseError,
  type ContractConstructorArgs,
  type ContractFunctionArgs,
  type ContractFunctionName,
  createPublicClient,
  createWalletClient,
  decodeErrorResult,
  getAddress,
  getContractAddress,
  type Hash,
  type Hex,
  isHex,
  type LocalAccount,
  type PublicClient,
  type TransactionReceipt,
  type Transport,
  type WalletClient,
} from 'viem';
import { abis } from '../abi/index.ts';
import type { Artifacts, ContractName } from '../artifacts.ts';
import { ContractsError } from '../errors.ts';

type Abis = typeof abis;

/** The functions of a contract that change its state. */
type CallName<Name extends ContractName = ContractName> = ContractFunctionName<Abis[Name], 'nonpayable'>;

/** A call of a function of a contract that is deployed; the compiler checks the arguments by the ABI. */
export interface ContractCall<Name extends ContractName, FunctionName extends CallName<Name>> {
  readonly contract: Name;
  readonly address: Address;
  readonly functionName: FunctionName;
  readonly args: ContractFunctionArgs<Abis[Name], 'nonpayable', FunctionName>;
}

/** A contract that was deployed. */
export interface Created {
  readonly address: Address;
  readonly transaction: Hash;
}

/** Deploys and calls contracts with one account, which nothing else may use meanwhile. */
export class Deployer {
  readonly #account: LocalAccount;
  readonly #artifacts: Artifacts;
  readonly #reader: PublicClient;
  readonly #wallet: WalletClient<Transport, undefined, LocalAccount>;

  /** @param account pays. */
  constructor(transport: Transport, account: LocalAccount, artifacts: Artifacts) {
    this.#account = account;
    this.#artifacts = artifacts;
    this.#reader = createPublicClient({ transport, pollingInterval: 100 });
    this.#wallet = createWalletClient({ account, transport });
  }

  /** Deploys a contract and waits for it. @throws {ContractsError} `transaction` */
  create<Name extends ContractName>(name: Name, args: ContractConstructorArgs<Abis[Name]>): Promise<Created>;
  async create(name: ContractName, args: ContractConstructorArgs<Abi>): Promise<Created> {
    const abi: Abi = abis[name];
    const { bytecode } = this.#artifacts[name];
    const receipt = await this.#send(name, abi, () =>
      this.#wallet.deployContract({ abi, bytecode, args, chain: null }),
    );
    return { address: getAddress(receipt.contractAddress!), transaction: receipt.transactionHash };
  }

  /** Calls a function and waits for it. @throws {ContractsError} `transaction` */
  call<Name extends ContractName, FunctionName extends CallName<Name>>(
    call: ContractCall<Name, FunctionName>,
  ): Promise<void>;
  async call(call: {
    contract: ContractName;
    address: Address;
    functionName: string;
    args: ContractFunctionArgs<Abi>;
  }): Promise<void> {
    const { contract, ...request } = call;
    const abi: Abi = abis[contract];
    await this.#send(`${contract}.${call.functionName}`, abi, () =>
      this.#wallet.writeContract({ ...request, abi, chain: null }),
    );
  }

  /** The addresses of the account's next contracts, if nothing else uses the account. */
  async next(count: number): Promise<Address[]> {
    const { address: from } = this.#account;
    const nonce = await this.#reader.getTransactionCount({ address: from });
    return Array.from({ length: count }, (_, i) => getContractAddress({ from, nonce: BigInt(nonce + i) }));
  }

  async #send(what: string, abi: Abi, transaction: () => Promise<Hash>): Promise<TransactionReceipt> {
    const hash = await transaction().catch((cause: unknown) => {
      throw new ContractsError('transaction', `deploy: ${what} would fail: ${refusalOf(abi, cause)}`, {
        cause,
      });
    });
    const receipt = await this.#reader.waitForTransactionReceipt({ hash });
    if (receipt.status !== 'success')
      throw new ContractsError('transaction', `deploy: ${what} failed in transaction ${hash}`);
    return receipt;
  }
}

/** The contract's own error where there is one, else the first line of the client's. */
function refusalOf(abi: Abi, error: unknown): string {
  if (!(error instanceof BaseError)) return reasonOf(error);
  const data = revertData(error);
  if (data !== undefined) {
    try {
      const { errorName, args } = decodeErrorResult({ abi, data });
      return `${errorName}(${(args ?? []).map(String).join(', ')})`;
    } catch {
      // The data are not an error of this contract, so the client's words are the best there is.
    }
  }
  return error.shortMessage;
}

function revertData(error: BaseError): Hex | undefined {
  const holder = error.walk((inner) => isHex((inner as { data?: unknown }).data)) as { data?: Hex } | null;
  return holder?.data;
}
