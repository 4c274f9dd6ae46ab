// A call of a contract, and what becomes of one that is not made.
import {
  disputesAbi,
  exclusionsAbi,
  keyRegistryAbi,
  marketplaceAbi,
  roundsAbi,
  settlementAbi,
  stakeVaultAbi,
  validationAbi,
  verifierRegistryAbi,
} from '@murmuration/contracts';
import {
  type Abi,
  type Address,
  BaseError,
  type ContractFunctionArgs,
  type ContractFunctionName,
  ContractFunctionRevertedError,
  decodeErrorResult,
  type Hex,
} from 'viem';
import { NodeError } from '../errors.ts';

/** The functions of a contract that change its state. */
export type CallName<Contract extends Abi = Abi> = ContractFunctionName<Contract, 'nonpayable'>;

/** A call of a contract's function; the compiler checks the arguments by the ABI. */
export interface Call<Contract extends Abi = Abi, Name extends CallName<Contract> = CallName<Contract>> {
  readonly address: Address;
  readonly abi: Contract;
  readonly functionName: Name;
  readonly args: ContractFunctionArgs<Contract, 'nonpayable', Name>;
}

/** A contract refused a call. Code `reverted`. */
export class Reverted extends NodeError {
  /** Name of the function that was called. */
  readonly call: string;
  /** Name of the Solidity error; `undefined` when the contract gave none that the ABI knows. */
  readonly error: string | undefined;

  constructor(call: string, error: string | undefined, why: string) {
    super('reverted', `${call} ${why}`);
    this.call = call;
    this.error = error;
  }
}

/**
 * A call that was not sent, since its simulation returns false: the contract would record it as invalid, and
 * slash its author. Code `invalid`.
 */
export class KnownInvalid extends NodeError {
  /** Name of the function that was not called. */
  readonly call: string;

  constructor(
    call: string,
    parts: { readonly message: string; readonly mend: string; readonly cause?: Error },
  ) {
    const { message, ...rest } = parts;
    super('invalid', message, rest);
    this.call = call;
  }
}

/** Throws what a request that failed says of a call: `Reverted` where the contract refused it. */
export function refuse(call: Call, error: unknown): never {
  if (error instanceof BaseError) {
    const reverted = error.walk((cause) => cause instanceof ContractFunctionRevertedError);
    if (reverted instanceof ContractFunctionRevertedError) {
      const said = reverted.data ?? saidBelow(reverted.raw);
      const name = said?.errorName ?? reverted.reason;
      const values = (said?.args ?? []).map(String).join(', ');
      const why = `was refused by the contract: ${name ?? 'no reason given'}(${values}).`;
      throw new Reverted(call.functionName, name, why);
    }
  }
  throw error;
}

/** What a contract said that the called one had called: its own interface does not name that error. */
function saidBelow(
  data: Hex | undefined,
): { readonly errorName: string; readonly args?: readonly unknown[] } | undefined {
  if (data === undefined || data.length < 10) return undefined;
  try {
    return decodeErrorResult({ abi: contractErrors, data });
  } catch {
    return undefined;
  }
}

const contractErrors = [
  ...disputesAbi,
  ...exclusionsAbi,
  ...keyRegistryAbi,
  ...marketplaceAbi,
  ...roundsAbi,
  ...settlementAbi,
  ...stakeVaultAbi,
  ...validationAbi,
  ...verifierRegistryAbi,
].filter((item) => item.type === 'error');
