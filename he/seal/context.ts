// SEAL behind one door: the library is loaded once, a context is made and checked against our parameters.

import loadSeal from 'node-seal';
import { ensure } from '../errors.ts';
import type { Parameters } from '../parameters.ts';

export type SealLibrary = Awaited<ReturnType<typeof loadSeal>>;

/** SEAL opened for one set of parameters. */
export interface SealContext {
  readonly seal: SealLibrary;
  readonly context: InstanceType<SealLibrary['SEALContext']>;
  /** Parameter id of the key level, 32 bytes as SEAL serialises it. */
  readonly keyParmsId: Uint8Array;
  /** Parameter id of the first data level. */
  readonly dataParmsId: Uint8Array;
}

let library: Promise<SealLibrary> | undefined;
const contexts = new Map<string, Promise<SealContext>>();

async function open(params: Parameters): Promise<SealContext> {
  library ??= loadSeal();
  const seal = await library;
  using parms = new seal.EncryptionParameters(seal.SchemeType.bfv);
  using moduli = new seal.VectorModulus();
  for (const prime of [...params.primes, params.specialPrime]) {
    using modulus = new seal.Modulus(prime);
    moduli.push_back(modulus);
  }
  using plain = new seal.Modulus(params.encodingModulus);
  parms.setPolyModulusDegree(params.ringDegree);
  parms.setCoeffModulus(moduli);
  parms.setPlainModulus(plain);
  const context = new seal.SEALContext(parms, true, seal.SecLevelType.tc128);
  ensure(
    context.parametersSet(),
    'parameter',
    () => `parameters are '${params.name}', but SEAL refuses them at 128-bit security`,
  );
  using key = context.keyParmsId();
  using data = context.firstParmsId();
  const bytes = (values: BigUint64Array) => new Uint8Array(values.slice().buffer);
  return { seal, context, keyParmsId: bytes(key.values()), dataParmsId: bytes(data.values()) };
}

/**
 * The SEAL context of the parameters, made once and kept: contexts are few and live as long as the process.
 * @throws HeError `parameter` where SEAL's own 128-bit check refuses them.
 */
export function sealContext(params: Parameters): Promise<SealContext> {
  const key = Buffer.from(params.id).toString('hex');
  let context = contexts.get(key);
  if (!context) {
    context = open(params);
    contexts.set(key, context);
  }
  return context;
}
