// From a backend's output, which comes from outside, to a proof that is known to hold: no other ever leaves a
// backend.

import { ProverError } from '../errors.ts';
import { verifyGroth16 } from '../groth16.ts';
import { readZkey, type VerifyingKey } from '../keys/index.ts';
import { g1Words } from '../kzg/index.ts';
import type { BackendName, Groth16Proof, ProofRequest, ProofResult, ProvingKey } from './backend.ts';

/**
 * snarkjs's JSON, which rapidsnark writes too: projective points with z = 1, elements of Fp2 real part first.
 */
export interface SnarkjsOutput {
  readonly a: readonly string[];
  readonly b: readonly (readonly string[])[];
  readonly c: readonly string[];
  readonly publicSignals: readonly string[];
}

/** Parses numbers and points, and verifies the proof. */
export function finishProof(context: ProofContext, output: SnarkjsOutput, made: ProofMaking): ProofResult {
  const { key } = context.request;
  const number = (text: string | undefined) => {
    if (typeof text !== 'string' || !/^[0-9]{1,78}$/.test(text)) {
      throw new ProverError(
        'backend',
        `${key.id}: the backend wrote ${JSON.stringify(text)} where a number belongs`,
      );
    }
    return BigInt(text);
  };
  const g1 = (point: readonly string[]) => ({ x: number(point[0]), y: number(point[1]) });
  const fp2 = (pair: readonly string[] | undefined) => ({ c0: number(pair?.[0]), c1: number(pair?.[1]) });
  const proof: Groth16Proof = {
    a: g1(output.a),
    b: { x: fp2(output.b[0]), y: fp2(output.b[1]) },
    c: g1(output.c),
  };
  return checkProof(context, { proof, publicSignals: output.publicSignals.map(number), ...made });
}

/** How a proof was made. */
export type ProofMaking = Pick<ProofResult, 'proveMs' | 'engine'>;

/** What a proof was asked for. */
export interface ProofContext {
  readonly request: Pick<ProofRequest, 'key' | 'point'>;
  readonly verifyingKey: VerifyingKey;
}

/**
 * Verifies a proof as its verifiers will, since one that does not hold would cost its sender stake.
 *
 * @param result with all public signals of the circuit.
 */
export function checkProof(
  { request: { key, point }, verifyingKey }: ProofContext,
  result: ProofResult,
): ProofResult {
  if ((point === undefined) !== (key.signals === undefined)) {
    throw new ProverError(
      'argument',
      `${key.id}: a point was ${point ? 'given' : 'left out'}, but it is for keys that take one, and for all such`,
    );
  }
  const own = result.publicSignals.slice(0, key.signals);
  const publicSignals = point ? [...own, ...g1Words(point)] : own;
  if (!verifyGroth16(verifyingKey, result.proof, publicSignals)) {
    throw new ProverError(
      'backend',
      `${key.id}: the witness breaks a constraint, so its proof does not hold`,
      {
        mend: point
          ? 'Check the inputs, and that the point is that of these references.'
          : 'Check the inputs.',
      },
    );
  }
  return { ...result, publicSignals };
}

/** The error of a key file that is not the one of its manifest. */
export function alteredKey({ id, zkeyPath, sha256 }: ProvingKey, actual: string): ProverError {
  return new ProverError(
    'key-file',
    `${id}: ${zkeyPath} has SHA-256 ${actual}, but the manifest says ${sha256}`,
    {
      mend: 'Make the keys again: the file was altered.',
    },
  );
}

/** The error of a proof that is asked of a backend before its start. */
export function notRunning(name: BackendName): ProverError {
  return new ProverError('backend', `the ${name} backend is not running`, { mend: 'Call start() first.' });
}

/** Verifying keys of the proving keys that have been used, each read and checked once. */
export function verifyingKeyCache(): (key: ProvingKey) => Promise<VerifyingKey> {
  const known = new Map<string, Promise<VerifyingKey>>();
  return (key) => {
    const name = `${key.sha256} ${key.zkeyPath}`;
    const entry =
      known.get(name) ?? readZkey(key.zkeyPath, key.signals).then(({ verifyingKey }) => verifyingKey);
    known.set(name, entry);
    entry.catch(() => known.delete(name));
    return entry;
  };
}
