// Reads circom's R1CS files (iden3 binary format, version 1:
// https://github.com/iden3/r1csfile/blob/master/doc/r1cs_bin_format.md): `<A_c, w> * <B_c, w> = <C_c, w>`.

import { readFile } from 'node:fs/promises';
import { CircuitError, readR1csHeader, readSections } from '@murmuration/circuits';
import { ProverError } from '../errors.ts';
import { readLittle, viewOf } from '../kzg/bytes.ts';

const compileAgain = { mend: 'Compile the circuit again.' };

/** A constraint system. */
export interface R1cs {
  /** Wires, the constant 1 included. */
  readonly wires: number;
  /** Public signals, outputs first, without the constant 1: wires 1 to this. */
  readonly publics: number;
  readonly constraints: number;
  /** Visits every term, constraint by constraint: A's terms (matrix 0), then B's (1), then C's (2). */
  forEachTerm(visit: TermVisitor): void;
}

/** Takes one term of a constraint. Its numbers are positional because it is called millions of times. */
export type TermVisitor = (matrix: 0 | 1 | 2, constraint: number, wire: number, coefficient: bigint) => void;

/** Parses an R1CS file; checks the field, the sizes, and that each term names an existing wire. */
export function parseR1cs(name: string, bytes: Uint8Array): R1cs {
  const { wires, constraints, publicInputs, publicOutputs } = named(name, () => readR1csHeader(bytes));
  const publics = publicInputs + publicOutputs;
  const body = readSections(bytes, 'r1cs').find(({ type }) => type === 2)?.bytes;
  if (!body) throw new ProverError('key-file', `${name} lacks its constraints`, compileAgain);
  const view = viewOf(body);
  return {
    wires,
    publics,
    constraints,
    forEachTerm(visit) {
      let position = 0;
      for (let constraint = 0; constraint < constraints; constraint++) {
        for (const matrix of [0, 1, 2] as const) {
          const terms =
            position + 4 <= body.length ? view.getUint32(position, true) : Number.POSITIVE_INFINITY;
          position += 4;
          if (position + 36 * terms > body.length)
            throw new ProverError(
              'key-file',
              `${name}: constraint ${constraint} goes beyond the constraints' section`,
              compileAgain,
            );
          for (let i = 0; i < terms; i++, position += 36) {
            const wire = view.getUint32(position, true);
            if (wire >= wires) {
              throw new ProverError(
                'key-file',
                `${name}: constraint ${constraint} names wire ${wire}, but there are ${wires}`,
                compileAgain,
              );
            }
            visit(matrix, constraint, wire, readLittle(view, position + 4));
          }
        }
      }
      if (position !== body.length) {
        throw new ProverError('key-file', `${name}: the constraints do not fill their section`, compileAgain);
      }
    },
  };
}

/** What is wrong with a file's header, with the file's name. */
function named<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof CircuitError)) throw cause;
    const { code, message, mend } = cause;
    throw new CircuitError(code, `${name}: ${message}`, { cause, ...(mend !== undefined && { mend }) });
  }
}

/** Reads and parses a file. */
export async function readR1csFile(path: string): Promise<R1cs> {
  return parseR1cs(path, await readFile(path));
}
