// The name of one key generation (docs/encodings.md, "Key generation").
import { type Address, encodeAbiParameters, hexToBytes, keccak256, parseAbiParameters } from 'viem';

const layout = parseAbiParameters('uint256, address, uint256, uint256');

/** Which key generation: the `number`-th one of a task, from 1. */
export interface KeyGeneration {
  readonly chainId: number;
  readonly marketplace: Address;
  readonly task: bigint;
  readonly number: number;
}

/** The 32 bytes to which key shares, dealings and receipts of a key generation are bound. */
export function epochId({ chainId, marketplace, task, number }: KeyGeneration): Uint8Array {
  const fields = [BigInt(chainId), marketplace, task, BigInt(number)] as const;
  return hexToBytes(keccak256(encodeAbiParameters(layout, fields)));
}
