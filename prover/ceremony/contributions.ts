// Reads the contributions that a zkey itself records (section 10), without snarkjs; the transcript must say
// the same. A contribution's hash is BLAKE2b-512 of its points (uncompressed, big end first) and its
// transcript, as its contributor saw it.
import { blake2b } from '@noble/hashes/blake2.js';
import { ProverError } from '../errors.ts';
import { getAgain, openBinaryFile } from '../keys/binary_file.ts';
import { readG1, readG2, zkeySection } from '../keys/zkey.ts';
import { viewOf, writeBig } from '../kzg/bytes.ts';
import { g1Words, g2Words } from '../kzg/points.ts';
import { g1Bytes, g2Bytes } from '../kzg/wasm.ts';

/** A step as the key records it. */
export interface RecordedContribution {
  readonly kind: 'contribution' | 'beacon';
  readonly name: string;
  /** 128 hexadecimal digits. */
  readonly hash: string;
  /** Of a beacon. */
  readonly beacon?: string;
  readonly iterationsExp?: number;
}

/** All steps of a key. */
export interface RecordedContributions {
  /** Hash of the circuit and the powers that the key began with, 128 hexadecimal digits. */
  readonly circuitHash: string;
  readonly contributions: readonly RecordedContribution[];
}

const maxSection = 1 << 20;
const fixedBytes = 3 * g1Bytes + g2Bytes + 64 + 8;

/** Reads them. Throws a `key-file` if the section is broken. */
export async function readContributions(path: string): Promise<RecordedContributions> {
  const file = await openBinaryFile(path, 'zkey');
  try {
    const section = file.sections.get(zkeySection.contributions);
    if (!section || section.length < 68 || section.length > maxSection) {
      throw new ProverError('key-file', `${path} has no usable list of contributions`, getAgain);
    }
    return parse(path, await file.read(section.start, section.length));
  } finally {
    await file.close();
  }
}

function parse(path: string, bytes: Uint8Array): RecordedContributions {
  const view = viewOf(bytes);
  const contributions: RecordedContribution[] = [];
  let position = 68;
  for (let left = view.getUint32(64, true); left > 0; left--) {
    const end = position + fixedBytes;
    const length = end <= bytes.length ? view.getUint32(end - 4, true) : Number.POSITIVE_INFINITY;
    if (end + length > bytes.length) {
      throw new ProverError('key-file', `${path}: its list of contributions is cut short`, getAgain);
    }
    contributions.push({
      ...parseNotes(bytes.subarray(end, end + length)),
      kind: view.getUint32(end - 8, true) === 1 ? 'beacon' : 'contribution',
      hash: hashOf(bytes.subarray(position, end - 8)),
    });
    position = end + length;
  }
  return { circuitHash: Buffer.from(bytes.subarray(0, 64)).toString('hex'), contributions };
}

/** Type-length-value notes: 1 is the name, 2 the beacon's iterations (one byte, no length), 3 the beacon. */
function parseNotes(bytes: Uint8Array): { name: string; beacon?: string; iterationsExp?: number } {
  const notes: { name: string; beacon?: string; iterationsExp?: number } = { name: '' };
  for (let at = 0; at < bytes.length; ) {
    const [type, value] = [bytes[at]!, bytes[at + 1] ?? 0];
    const body = Buffer.from(bytes.subarray(at + 2, at + 2 + value));
    if (type === 1) notes.name = body.toString('utf8');
    else if (type === 2) notes.iterationsExp = value;
    else if (type === 3) notes.beacon = body.toString('hex');
    at += type === 2 ? 2 : 2 + value;
  }
  return notes;
}

/** Three points of G1, one of G2, then 64 bytes of transcript. */
function hashOf(bytes: Uint8Array): string {
  const view = viewOf(bytes);
  const words = [
    ...[0, 1, 2].flatMap((i) => g1Words(readG1(view, i * g1Bytes))),
    ...g2Words(readG2(view, 3 * g1Bytes)),
  ];
  const points = new Uint8Array(words.length * 32);
  words.forEach((word, i) => {
    writeBig(viewOf(points), 32 * i, word);
  });
  const hash = blake2b.create({ dkLen: 64 });
  return Buffer.from(
    hash
      .update(points)
      .update(bytes.subarray(3 * g1Bytes + g2Bytes))
      .digest(),
  ).toString('hex');
}
