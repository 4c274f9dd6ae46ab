// What threads for witnesses are asked, and what they answer.
import type { ErrorMessage } from '../errors.ts';
import type { WasmModule } from '../webassembly.ts';
import type { PackedInputs } from './inputs.ts';

/** What circom wrote for a circuit. */
export interface GeneratorCode {
  readonly module: WasmModule;
  /** Of the module's bytes, hexadecimal: a module that was handed to a thread is another object at each time. */
  readonly sha256: string;
}

/** A generator and what it is to calculate from. */
export interface GeneratorJob {
  /** Names the circuit in errors, such as `update/quick`. */
  readonly id: string;
  readonly code: GeneratorCode;
  /** Handed over: the caller cannot read them any more. */
  readonly inputs: PackedInputs;
}

/** How a generator is run. */
export interface RunOptions {
  /** Abort: the promise rejects with the signal's reason, and a calculation under way is ended. */
  readonly signal?: AbortSignal | undefined;
  /** Called when the calculation begins, at once or after others. */
  readonly onStart?: (() => void) | undefined;
}

export type WitnessAnswer = { readonly witness: Uint8Array<ArrayBuffer> } | { readonly error: ErrorMessage };
