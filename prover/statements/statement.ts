// What the three statements have in common: a public claim, a secret, a circuit, and a proof that one fits the other.

import { type CircuitName, publicSignalNames } from '@murmuration/circuits';
import type { Groth16Proof, ProofStage, ProverBackend, ProvingKey } from '../backends/backend.ts';
import { checkField } from '../field.ts';
import type { Preset } from '../presets.ts';
import type { WitnessCalculator, WitnessInput } from '../witness/index.ts';

/** A statement: how its claim becomes public signals, and its claim and secret the circuit's inputs. */
export interface Statement<Claim, Secret> {
  readonly circuit: CircuitName;
  /** The claim's fields by the names of the public signals; each below r. Throws a RangeError for a field out of range. */
  signals(preset: Preset, claim: Claim): Readonly<Record<string, bigint>>;
  /** Private inputs. Throws a {@link StatementError} where the secret plainly does not fit the claim. */
  secretInputs(preset: Preset, claim: Claim, secret: Secret): WitnessInput;
}

/** What proving needs besides statement, claim and secret. */
export interface ProvingTools {
  readonly preset: Preset;
  /** Started. */
  readonly backend: ProverBackend;
  /** Of this circuit and preset. */
  readonly key: ProvingKey;
  /** Of this circuit and preset. */
  readonly calculator: WitnessCalculator;
}

/** What is to be proven. */
export interface ProvingRequest<Claim, Secret> {
  readonly claim: Claim;
  readonly secret: Secret;
  readonly onProgress?: ((stage: 'witness' | ProofStage) => void) | undefined;
  /** Abort: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface ProvenStatement {
  readonly proof: Groth16Proof;
  /** In order; what a verifier computes from the claim. */
  readonly publicSignals: readonly bigint[];
  readonly witnessMs: number;
  readonly proveMs: number;
}

/** A claim and a secret that do not fit, said before a proof is tried. */
export class StatementError extends Error {
  override name = 'StatementError';
}

/** A claim's public signals in the circuit's order. */
export function publicSignals<Claim>(
  statement: Statement<Claim, never>,
  preset: Preset,
  claim: Claim,
): readonly bigint[] {
  const signals = statement.signals(preset, claim);
  return publicSignalNames(statement.circuit).map((name) => checkField(name, signals[name]!));
}

/** All inputs of the circuit. */
export function witnessInput<Claim, Secret>(
  statement: Statement<Claim, Secret>,
  preset: Preset,
  { claim, secret }: Pick<ProvingRequest<Claim, Secret>, 'claim' | 'secret'>,
): WitnessInput {
  const signals = statement.signals(preset, claim);
  const names = publicSignalNames(statement.circuit);
  const open = Object.fromEntries(names.map((name) => [name, [checkField(name, signals[name]!)]]));
  return { ...open, ...statement.secretInputs(preset, claim, secret) };
}

/** Proves a claim. Rejects if the secret does not fit, or the backend's public signals are not the claim's. */
export async function prove<Claim, Secret>(
  { preset, backend, key, calculator }: ProvingTools,
  statement: Statement<Claim, Secret>,
  request: ProvingRequest<Claim, Secret>,
): Promise<ProvenStatement> {
  const { claim, onProgress, signal } = request;
  const expected = publicSignals(statement, preset, claim);
  signal?.throwIfAborted();
  onProgress?.('witness');
  const started = performance.now();
  const witness = await calculator.calculate(witnessInput(statement, preset, request));
  const witnessMs = performance.now() - started;
  const result = await backend.prove({ key, witness, onProgress, signal });
  if (
    result.publicSignals.length !== expected.length ||
    result.publicSignals.some((value, i) => value !== expected[i])
  ) {
    throw new StatementError(
      `${key.id}: the backend proved other public signals than the claim's; the key is of another circuit`,
    );
  }
  return { proof: result.proof, publicSignals: expected, witnessMs, proveMs: result.proveMs };
}
