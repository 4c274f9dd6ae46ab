// Whose signature it is. libsecp256k1 in WebAssembly answers: a ring's members check some hundred signatures a
// round, and JavaScript's big integers take seven times as long for each.
import { recover } from 'tiny-secp256k1';
import { type Address, bytesToHex, type Hex, hexToBytes } from 'viem';
import { publicKeyToAddress } from 'viem/accounts';
import { signatureSchema } from './signing_domain.ts';

/**
 * The account that signed a digest of 32 bytes (ECDSA public key recovery: SEC 1 v2.0, section 4.1.6), in its
 * checksummed form; undefined where the signature is not in its one form, or no key gives it.
 */
export function signerOf(hash: Hex, signature: Hex): Address | undefined {
  if (!signatureSchema.safeParse(signature).success) return undefined;
  const bytes = hexToBytes(signature);
  const parity = bytes[64] === 28 ? 1 : 0;
  try {
    const key = recover(hexToBytes(hash), bytes.subarray(0, 64), parity, false);
    return key ? publicKeyToAddress(bytesToHex(key)) : undefined;
  } catch {
    // r or s is zero or not below the order.
    return undefined;
  }
}
