// What the three statements have in common: a public claim, a secret, a circuit, and a proof that one fits
// the other.

import { type CircuitName, publicSignalNames } from '@murmuration/circuits';
import type { Groth16Proof, ProofStage, ProverBackend, ProvingKey } from '../backends/backend.ts';
import { ProverError } from '../errors.ts';
import { checkField } from '../field.ts';
import { type G1Point, g1Words } from '../kzg/index.ts';
import type { Preset } from '../presets.ts';
import type { PackableInput, WitnessCalculator, WitnessInput } from '../witness/index.ts';

/** A statement: how its claim becomes public signals, and its claim and secret the circuit's inputs. */
export interface Statement<Claim, Secret, Input extends PackableInput = WitnessInput> {
  /** The circuit that proves it. */
  readonly circuit: CircuitName;
  /**
   * The claim's members by the names of the public signals, each in [0, r).
   *
   * @throws {ProverError} `argument` for a member out of range.
   */
  signals(preset: Preset, claim: Claim): Readonly<Record<string, bigint>>;
  /** The point that stands for the circuit's further public inputs, of a statement that has such. */
  point?(claim: Claim): G1Point;
  /**
   * The circuit's private inputs, and those public ones for which the claim has a point.
   *
   * @throws {ProverError} `statement` where the secret plainly does not fit the claim, `argument` for a
   * coordinate out of range.
   */
  secretInputs(preset: Preset, claim: Claim, secret: Secret): Input;
}

/** What proving needs besides statement, claim and secret. */
export interface ProvingTools {
  /** The preset of keys, claim and secret. */
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
  /** The public part, which the verifier knows. */
  readonly claim: Claim;
  /** The part that the proof does not show. */
  readonly secret: Secret;
  /** Hears of each step: `witness`, then those of the backend. */
  readonly onProgress?: ((stage: 'witness' | ProofStage) => void) | undefined;
  /** Abort: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * When the proof is of no use any more. A prover that proves elsewhere says so there, and is refused at once where the proof would be
   * late; a prover of this process goes on until its signal aborts.
   */
  readonly deadline?: Date | undefined;
}

/** A proof, which has been verified, and what it took. */
export interface ProvenStatement {
  /** It holds for the claim under the prover's keys. */
  readonly proof: Groth16Proof;
  /** As {@link publicSignals} gives them; a verifier computes them from the claim. */
  readonly publicSignals: readonly bigint[];
  /** Milliseconds that the witness took, without the wait for a thread. */
  readonly witnessMs: number;
  /** Milliseconds that the proof took, without the queue and the loading of the key. */
  readonly proveMs: number;
  /** What made it, such as `wasm/quads`. */
  readonly engine: string;
}

/**
 * A claim's public signals in the circuit's order, as verifiers take them (docs/encodings.md, "Public signals, in order"): behind them
 * the two words of the claim's point, if it has one.
 *
 * @throws {ProverError} `argument` or `field` for a member of the claim out of range.
 */
export function publicSignals<Claim>(
  statement: Statement<Claim, never, PackableInput>,
  preset: Preset,
  claim: Claim,
): readonly bigint[] {
  const signals = statement.signals(preset, claim);
  const words = publicSignalNames(statement.circuit).map((name) => checkField(name, signals[name]!));
  const point = statement.point?.(claim);
  return point ? [...words, ...g1Words(point)] : words;
}

/** All inputs of the circuit. */
export function witnessInput<Claim, Secret, Input extends PackableInput>(
  statement: Statement<Claim, Secret, Input>,
  preset: Preset,
  { claim, secret }: Pick<ProvingRequest<Claim, Secret>, 'claim' | 'secret'>,
): WitnessInput | Input {
  const signals = statement.signals(preset, claim);
  const names = publicSignalNames(statement.circuit);
  const open = Object.fromEntries(names.map((name) => [name, [checkField(name, signals[name]!)]]));
  return { ...open, ...statement.secretInputs(preset, claim, secret) };
}

/** Proves a claim; see {@link Prover.prove} for what it throws. */
export async function prove<Claim, Secret>(
  { preset, ...tools }: ProvingTools,
  statement: Statement<Claim, Secret, PackableInput>,
  request: ProvingRequest<Claim, Secret>,
): Promise<ProvenStatement> {
  const { claim, onProgress, signal } = request;
  const expected = publicSignals(statement, preset, claim);
  const input = witnessInput(statement, preset, request);
  return proveInput(tools, { input, expected, point: statement.point?.(claim), onProgress, signal });
}

/** What of a statement is proven: the inputs, and what verifiers will take. */
export interface InputToProve extends Pick<ProvingRequest<never, never>, 'onProgress' | 'signal'> {
  /** All inputs of the circuit. */
  readonly input: PackableInput;
  /** The public signals that the proof must have. */
  readonly expected: readonly bigint[];
  /** What stands for further public inputs, if there are such. */
  readonly point?: G1Point | undefined;
}

/** Proves that inputs fit their circuit. */
export async function proveInput(
  { backend, key, calculator }: Omit<ProvingTools, 'preset'>,
  { input, expected, point, onProgress, signal }: InputToProve,
): Promise<ProvenStatement> {
  let started = 0;
  const onStart = () => {
    onProgress?.('witness');
    started = performance.now();
  };
  const witness = await calculator.calculate(input, { signal, onStart });
  const witnessMs = performance.now() - started;
  const result = await backend
    .prove({ key, witness, point, onProgress, signal })
    // Freed memory keeps what was in it.
    .finally(() => witness.fill(0));
  if (
    result.publicSignals.length !== expected.length ||
    result.publicSignals.some((value, i) => value !== expected[i])
  ) {
    throw new ProverError('backend', `${key.id}: the backend proved other public signals than the claim's`, {
      mend: 'Load the keys of this circuit: the proving key is of another one.',
    });
  }
  return {
    proof: result.proof,
    publicSignals: expected,
    witnessMs,
    proveMs: result.proveMs,
    engine: result.engine,
  };
}
