// Powers of Tau files (snarkjs's ptau, version 1), as far as KZG needs them: the size, and the first powers.
// Phase 2 of the circuits is left to snarkjs. Section 1: header; 2: `[tau^i]_1` for i < 2^(power+1) - 1; 3:
// `[tau^i]_2`; 12 to 15: prepared for phase 2.

import { ProverError } from '../errors.ts';
import { getAgain, openBinaryFile } from '../keys/binary_file.ts';
import { toBigEndian } from '../keys/powers.ts';
import { readG2 } from '../keys/zkey.ts';
import { readLittle, viewOf } from '../kzg/bytes.ts';
import type { Srs } from '../kzg/index.ts';
import { baseFieldOrder } from '../kzg/points.ts';
import { g1Bytes, g2Bytes } from '../kzg/wasm.ts';

const ptauSection = { header: 1, tauG1: 2, tauG2: 3, prepared: 12 } as const;

/**
 * The exponent of a file's size; 28 at most, the field's limit. Throws a `key-file` if it is no prepared file
 * over BN254.
 */
export async function readPtauPower(path: string): Promise<number> {
  const file = await openBinaryFile(path, 'ptau');
  try {
    const header = file.sections.get(ptauSection.header);
    const view = header?.length === 44 ? viewOf(await file.read(header.start, 44)) : undefined;
    if (view?.getUint32(0, true) !== 32 || readLittle(view, 4) !== baseFieldOrder) {
      throw new ProverError('key-file', `${path} is not over BN254`, {
        mend: 'Get a Powers of Tau file for bn128.',
      });
    }
    const power = view.getUint32(36, true);
    if (power < 1 || power > 28) {
      throw new ProverError(
        'key-file',
        `${path} says its power is ${power}, but it is from 1 to 28`,
        getAgain,
      );
    }
    const powers = file.sections.get(ptauSection.tauG1)?.length ?? 0;
    if (powers !== (2 ** (power + 1) - 1) * g1Bytes) {
      throw new ProverError(
        'key-file',
        `${path} holds ${powers / g1Bytes} powers, but one of its size has 2^${power + 1} - 1`,
        getAgain,
      );
    }
    if (!file.sections.has(ptauSection.prepared)) {
      throw new ProverError('key-file', `${path} is not prepared for phase 2`, {
        mend: 'Get the prepared file, or run `snarkjs powersoftau prepare phase2`.',
      });
    }
    return power;
  } finally {
    await file.close();
  }
}

/** The first `count` powers in G1 and `[tau]_2`. Their points are checked when they are decoded. */
export async function readPowers(path: string, count: number): Promise<Omit<Srs, 'bases'>> {
  const file = await openBinaryFile(path, 'ptau');
  try {
    const [tauG1, tauG2] = [file.sections.get(ptauSection.tauG1), file.sections.get(ptauSection.tauG2)];
    if (!tauG1 || !tauG2 || tauG1.length < count * g1Bytes || tauG2.length < 2 * g2Bytes) {
      throw new ProverError('key-file', `${path} holds fewer than the ${count} powers that KZG needs here`, {
        mend: 'Get a larger file.',
      });
    }
    const g1 = toBigEndian(await file.read(tauG1.start, count * g1Bytes));
    return { powers: count, g1, tauG2: readG2(viewOf(await file.read(tauG2.start + g2Bytes, g2Bytes)), 0) };
  } finally {
    await file.close();
  }
}
