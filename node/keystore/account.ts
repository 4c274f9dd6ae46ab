// An account whose key is in this process. libsecp256k1 in WebAssembly signs, in constant time: members sign dozens of
// hops, posts and transactions a round, and JavaScript's big integers take several times as long for each.
import { signRecoverable } from 'tiny-secp256k1';
import {
  bytesToHex,
  type Hex,
  hashMessage,
  hashTypedData,
  hexToBytes,
  keccak256,
  type LocalAccount,
  type Signature,
  serializeSignature,
  serializeTransaction,
} from 'viem';
import { privateKeyToAddress, toAccount } from 'viem/accounts';

/**
 * The account of a private key of 32 bytes. Its signatures are deterministic (RFC 6979), with s in the lower half.
 * @throws where the key is zero or not below the order of the curve.
 */
export function accountOf(privateKey: Uint8Array): LocalAccount {
  const key = Uint8Array.from(privateKey);
  const signDigest = (digest: Hex): Signature => {
    const { signature, recoveryId } = signRecoverable(hexToBytes(digest), key);
    const [r, s] = [bytesToHex(signature.subarray(0, 32)), bytesToHex(signature.subarray(32))];
    return { r, s, v: 27n + BigInt(recoveryId), yParity: recoveryId };
  };
  const sign = async ({ hash }: { hash: Hex }): Promise<Hex> => serializeSignature(signDigest(hash));
  return toAccount({
    address: privateKeyToAddress(bytesToHex(key)),
    sign,
    signMessage: ({ message }) => sign({ hash: hashMessage(message) }),
    async signTransaction(transaction, { serializer = serializeTransaction } = {}) {
      const unsigned = await serializer(transaction);
      return serializer(transaction, signDigest(keccak256(unsigned)));
    },
    signTypedData: (typed) => sign({ hash: hashTypedData(typed) }),
  });
}
