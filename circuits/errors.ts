// The error of this package.
import { MurmurationError } from '@murmuration/core';

/**
 * What went wrong:
 * - `argument`: a circuit, preset or parameter that there is not;
 * - `compiler`: circom2 or circomlib is not installed, and the circuit is not among the compiled ones;
 * - `source`: a circom source that does not compile, or includes a file that is not there;
 * - `artifact`: a compiled file that is missing, cut short, or not what was built.
 */
export type CircuitErrorCode = 'argument' | 'compiler' | 'source' | 'artifact';

/** An error of this package; see {@link CircuitErrorCode} for its codes. */
export class CircuitError extends MurmurationError<CircuitErrorCode> {}
