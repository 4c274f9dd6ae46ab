// snarkjs's proving key file for Groth16 (zkey, version 1): which section holds what, writing one, and
// reading the part that verification needs. Points are affine, Montgomery form, little end first.
import { fieldOrder } from '@murmuration/core';
import { ProverError } from '../errors.ts';
import { readLittle, viewOf, writeLittle } from '../kzg/bytes.ts';
import { baseFieldOrder, type G1Point, type G2Point } from '../kzg/points.ts';
import { g1Bytes, g2Bytes } from '../kzg/wasm.ts';
import { checkBases, foldKey } from './bases.ts';
import { getAgain, openBinaryFile } from './binary_file.ts';
import { checkVerifyingKey, type VerifyingKey } from './verifying_key.ts';

/** Types of the sections. */
export const zkeySection = {
  protocol: 1,
  header: 2,
  ic: 3,
  coefficients: 4,
  a: 5,
  b1: 6,
  b2: 7,
  c: 8,
  h: 9,
  contributions: 10,
} as const;

/**
 * What development keys carry where a ceremony's key has the hash of its circuit: 64 bytes that name them.
 */
export const developmentMark = new TextEncoder().encode(
  'INSECURE murmuration development key: anyone can forge with it. '.padEnd(64).slice(0, 64),
);

const headerBytes = 4 + 32 + 4 + 32 + 12 + 3 * g1Bytes + 3 * g2Bytes;
const maxPublics = 1 << 16;
const montgomeryInverse = modularInverse(1n << 256n, baseFieldOrder);

/** Sizes and points of the header section. */
export interface ZkeyHeader {
  readonly wires: number;
  readonly publics: number;
  readonly domain: number;
  /**
   * The three of G1 and the three of G2, already in the file's form: alpha1, beta1, beta2, gamma2, delta1,
   * delta2.
   */
  readonly points: readonly Uint8Array[];
}

/** The bytes of the header section. */
export function encodeHeader({ wires, publics, domain, points }: ZkeyHeader): Uint8Array {
  const bytes = new Uint8Array(headerBytes);
  const view = viewOf(bytes);
  view.setUint32(0, 32, true);
  writeLittle(view, 4, baseFieldOrder);
  view.setUint32(36, 32, true);
  writeLittle(view, 40, fieldOrder);
  [wires, publics, domain].forEach((value, i) => {
    view.setUint32(72 + 4 * i, value, true);
  });
  bytes.set(Buffer.concat(points), 84);
  return bytes;
}

/** A proving key's public side, and who made it. */
export interface ZkeyInfo {
  readonly wires: number;
  readonly publics: number;
  readonly domain: number;
  readonly verifyingKey: VerifyingKey;
  /** Of a key that takes a point for its further public signals, by what they are multiplied; else empty. */
  readonly bases: readonly G1Point[];
  /** Contributions to phase 2; none in a development key. */
  readonly contributions: number;
  /** Whether the file itself says that it is a development key. */
  readonly development: boolean;
}

/**
 * Reads the header, the IC points and the count of contributions, and checks the key.
 *
 * @param signals that verifiers take as words of their own; all unless given.
 * @throws {ProverError} `key-file` if the file is not such a key, `key-unsound` as {@link checkVerifyingKey}
 * does.
 */
export async function readZkey(path: string, signals?: number): Promise<ZkeyInfo> {
  const info = await readUncheckedZkey(path, signals);
  checkVerifyingKey(path, info.verifyingKey);
  checkBases(path, info.bases);
  return info;
}

/** Like {@link readZkey} without the soundness check: only for a key that is still to be contributed to. */
export async function readUncheckedZkey(path: string, signals?: number): Promise<ZkeyInfo> {
  const file = await openBinaryFile(path, 'zkey');
  try {
    const { read, sections } = file;
    const section = (type: number, least: number) => {
      const found = sections.get(type);
      if (!found || found.length < least) {
        throw new ProverError('key-file', `${path} lacks section ${type}`, getAgain);
      }
      return found;
    };
    if (viewOf(await read(section(zkeySection.protocol, 4).start, 4)).getUint32(0, true) !== 1) {
      throw new ProverError('key-file', `${path} is not a Groth16 key`, {
        mend: 'Make a Groth16 key from the circuit.',
      });
    }
    const header = await read(section(zkeySection.header, headerBytes).start, headerBytes);
    const view = viewOf(header);
    const fields = [
      view.getUint32(0, true),
      view.getUint32(36, true),
      readLittle(view, 4),
      readLittle(view, 40),
    ];
    if (fields[0] !== 32 || fields[1] !== 32 || fields[2] !== baseFieldOrder || fields[3] !== fieldOrder) {
      throw new ProverError('key-file', `${path} is not over BN254`, {
        mend: 'Make it from a circuit that was compiled for bn128.',
      });
    }
    const [wires, publics, domain] = [72, 76, 80].map((at) => view.getUint32(at, true)) as [
      number,
      number,
      number,
    ];
    if (publics > maxPublics || publics >= wires) {
      throw new ProverError(
        'key-file',
        `${path} claims ${publics} public signals of ${wires} wires`,
        getAgain,
      );
    }
    const icBytes = await read(
      section(zkeySection.ic, (publics + 1) * g1Bytes).start,
      (publics + 1) * g1Bytes,
    );
    const { key, bases } = foldKey(
      {
        alpha: readG1(view, 84),
        beta: readG2(view, 84 + 2 * g1Bytes),
        gamma: readG2(view, 84 + 2 * g1Bytes + g2Bytes),
        delta: readG2(view, 84 + 3 * g1Bytes + 2 * g2Bytes),
        ic: Array.from({ length: publics + 1 }, (_, i) => readG1(viewOf(icBytes), i * g1Bytes)),
      },
      signals,
    );
    const contributions = await read(section(zkeySection.contributions, 68).start, 68);
    return {
      wires,
      publics,
      domain,
      verifyingKey: key,
      bases,
      contributions: viewOf(contributions).getUint32(64, true),
      development: developmentMark.every((byte, i) => contributions[i] === byte),
    };
  } finally {
    await file.close();
  }
}

function readCoordinate(view: DataView, offset: number): bigint {
  return (readLittle(view, offset) * montgomeryInverse) % baseFieldOrder;
}

/** An affine point of G1 in the file's form. */
export function readG1(view: DataView, offset: number): G1Point {
  return { x: readCoordinate(view, offset), y: readCoordinate(view, offset + 32) };
}

/** An affine point of G2 in the file's form. */
export function readG2(view: DataView, offset: number): G2Point {
  const [x0, x1, y0, y1] = [0, 32, 64, 96].map((step) => readCoordinate(view, offset + step)) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  return { x: { c0: x0, c1: x1 }, y: { c0: y0, c1: y1 } };
}

function modularInverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (a > 1n) {
    const quotient = b / a;
    [a, b] = [b % a, a];
    [x, y] = [y - quotient * x, x];
  }
  return ((x % modulus) + modulus) % modulus;
}
