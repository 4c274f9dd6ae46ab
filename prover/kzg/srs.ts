// The structured reference string of KZG (Kate, Zaverucha, Goldberg 2010): `[tau^i]_1`, one for each
// coefficient of a committed polynomial (`powers` of a preset), and `[tau]_2`.
//
// File: the 16 bytes of {@link magic}, the number of powers as uint32, each power as x and y of 32 bytes,
// then `[tau]_2` as four numbers in EIP-197's order. All big end first.
import { randomBytes } from '@noble/curves/utils.js';
import { ProverError } from '../errors.ts';
import { readBig, viewOf, writeBig } from './bytes.ts';
import { type Bases, loadBases } from './msm.ts';
import { type PreparedG2, pairingProductIsOne, preparedG2Generator, prepareG2 } from './pairing.ts';
import { type G2Point, g2FromWords, g2Words, parseG1, parseG2 } from './points.ts';
import { g1Bytes } from './wasm.ts';

const magic = new TextEncoder().encode('murmuration-srs1');
const makeAgain = { mend: 'Make the keys again.' };
/** More powers than any preset needs; a longer file is refused before it is read. */
const maxPowers = 1 << 16;

/** The powers of tau that commitments are made with; every point has been checked. */
export interface Srs {
  /** Number of powers in G1: polynomials of degree below this can be committed to. */
  readonly powers: number;
  /** `powers` affine points, 64 bytes each, big end first. */
  readonly g1: Uint8Array;
  /** `[tau]_2`. */
  readonly tauG2: G2Point;
  /** The same points, ready for sums. */
  readonly bases: Bases;
}

/** The file's bytes. */
export function encodeSrs(srs: Omit<Srs, 'bases'>): Uint8Array {
  const bytes = new Uint8Array(magic.length + 4 + srs.g1.length + 128);
  const view = viewOf(bytes);
  bytes.set(magic);
  view.setUint32(magic.length, srs.powers);
  bytes.set(srs.g1, magic.length + 4);
  g2Words(srs.tauG2).forEach((word, i) => {
    writeBig(view, magic.length + 4 + srs.g1.length + 32 * i, word);
  });
  return bytes;
}

/**
 * Reads a file's bytes: every point canonical, on the curve and not infinity, the first the generator. That
 * they are powers of one secret is checked by {@link verifySrs}.
 *
 * @throws {ProverError} `key-file` for a file of another form, `point` for a point, `key-unsound` for an
 * infinite `[tau]_2`.
 */
export async function decodeSrs(bytes: Uint8Array): Promise<Srs> {
  const header = magic.length + 4;
  if (bytes.length < header || !magic.every((byte, i) => bytes[i] === byte)) {
    throw new ProverError(
      'key-file',
      'the file is not an SRS file: it does not begin with "murmuration-srs1"',
      makeAgain,
    );
  }
  const view = viewOf(bytes);
  const powers = view.getUint32(magic.length);
  const size = header + powers * g1Bytes + 128;
  if (powers < 2 || powers > maxPowers || bytes.length !== size) {
    throw new ProverError(
      'key-file',
      `the SRS file has ${bytes.length} bytes, but an SRS of ${powers} powers has ${size}`,
      makeAgain,
    );
  }
  // A Buffer's own `slice` would not copy, and loading would turn the caller's bytes around.
  const g1 = new Uint8Array(bytes.subarray(header, header + powers * g1Bytes));
  if (readBig(viewOf(g1), 0) !== 1n || readBig(viewOf(g1), 32) !== 2n) {
    throw new ProverError('key-file', 'the first power of the SRS is not the generator (1, 2)', makeAgain);
  }
  const bases = await loadBases(g1);
  const words = [0, 1, 2, 3].map((i) => readBig(view, header + g1.length + 32 * i));
  const tauG2 = g2FromWords('[tau]_2', words);
  if (parseG2('[tau]_2', tauG2).is0()) {
    throw new ProverError(
      'key-unsound',
      '[tau]_2 is infinity: every opening holds under this SRS',
      makeAgain,
    );
  }
  return { powers, g1, tauG2, bases };
}

/**
 * Whether the points are `[tau^i]` of the secret in `[tau]_2`: one pairing equation with random 128-bit
 * weights, `e(sum w_i P_{i+1}, G2) = e(sum w_i P_i, [tau]_2)`; a false SRS passes with probability 2^-128.
 */
export async function verifySrs(srs: Srs): Promise<boolean> {
  const weights = randomBytes(16 * (srs.powers - 1));
  const low = await srs.bases.sum(weights, { size: 16, bits: 128 });
  const high = await srs.bases.sum(weights, { size: 16, bits: 128, first: 1 });
  return pairingProductIsOne([
    { g1: parseG1('sum', high), g2: preparedG2Generator() },
    { g1: parseG1('sum', low).negate(), g2: prepareTau(srs.tauG2) },
  ]);
}

const preparedTaus = new WeakMap<G2Point, PreparedG2>();

/**
 * Checks `[tau]_2` and computes its lines; remembered for as long as the point's object lives.
 * @throws {ProverError} `point` if it is not in G2.
 */
export function prepareTau(tauG2: G2Point): PreparedG2 {
  const known = preparedTaus.get(tauG2) ?? prepareG2(parseG2('[tau]_2', tauG2));
  preparedTaus.set(tauG2, known);
  return known;
}
