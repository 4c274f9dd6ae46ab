// Where a proof of `score` is good: one chain and one contract, in one number.
import { keccak_256 } from '@noble/hashes/sha3.js';
import { hexToBytes } from '@noble/hashes/utils.js';
import { ProverError } from '../errors.ts';
import { bytesToInteger, checkField, fieldToBytes } from '../field.ts';

/**
 * The lower 248 bits of `keccak256(abi.encode(uint256 chainId, address contract))`, as the contract that takes the proof computes it.
 *
 * @param contract is 0x and 40 hexadecimal digits.
 * @throws {ProverError} `argument` for another form of address, `field` for a chain id of r or more.
 */
export function scoreDomain(chainId: bigint, contract: string): bigint {
  if (!/^0x[0-9a-fA-F]{40}$/.test(contract)) {
    throw new ProverError('argument', `contract is ${contract}, but it is 0x and 40 hexadecimal digits`);
  }
  const input = new Uint8Array(64);
  input.set(fieldToBytes(checkField('chainId', chainId)));
  input.set(hexToBytes(contract.slice(2)), 44);
  return bytesToInteger(keccak_256(input).subarray(1));
}
