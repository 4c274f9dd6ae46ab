// Public-key encryption by SEAL, for where no proof is wanted. SEAL's objects are owned here and freed by
// `close`; coefficients go in, rows come out.

import { ensure } from '../errors.ts';
import type { Parameters } from '../parameters.ts';
import type { Row } from '../ring/ring.ts';
import { sealContext } from './context.ts';
import { sealPair, sealPairWords, sealPlain } from './wire.ts';

/** Encrypts under one public key. */
export interface SealEncryptor {
  /** Encrypts N plaintext coefficients in [0, t) into c0 mod q0, c0 mod q1, c1 mod q0, c1 mod q1. */
  encrypt(plain: Uint32Array): Row[];
  /** Frees SEAL's objects; encrypting afterwards is an error. */
  close(): void;
}

/** @param key rows of b, then of a, over the three primes, in NTT form. */
export async function sealEncryptor(params: Parameters, key: readonly Row[]): Promise<SealEncryptor> {
  const { seal, context, keyParmsId, dataParmsId } = await sealContext(params);
  const n = params.ringDegree;
  const words = new BigUint64Array(key.length * n);
  for (const [index, row] of key.entries()) words.set(row, index * n);
  const owned = new DisposableStack();
  const publicKey = owned.use(new seal.PublicKey());
  publicKey.loadFromArray(context, sealPair({ parmsId: keyParmsId, nttForm: true, ringDegree: n }, words));
  const encryptor = owned.use(new seal.Encryptor(context, publicKey));
  const plaintext = owned.use(new seal.Plaintext());
  const ciphertext = owned.use(new seal.Ciphertext());
  return {
    encrypt(plain) {
      ensure(!owned.disposed, 'argument', () => 'the encryptor has been closed', 'Create another.');
      const coefficients = new BigUint64Array(n);
      const halves = new Uint32Array(coefficients.buffer);
      for (const [index, value] of plain.entries()) halves[2 * index] = value;
      plaintext.loadFromArray(context, sealPlain(coefficients));
      encryptor.encrypt(plaintext, ciphertext);
      plaintext.setZero();
      const saved: Uint8Array = ciphertext.saveToArray(seal.ComprModeType.none);
      const data = sealPairWords(saved, { parmsId: dataParmsId, nttForm: false, ringDegree: n }, 2);
      return [0, 1, 2, 3].map((row) => data.slice(row * n, (row + 1) * n));
    },
    close: () => owned.dispose(),
  };
}
