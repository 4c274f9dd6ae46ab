// Three stand-ins for the circuits with the same public signals and a few constraints each, so that snarkjs's
// phase 2 takes a second, not minutes: what is tested is the ceremony, whatever the circuit.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CircuitArtifact,
  circuitInstance,
  circuitNames,
  foldedSignalCount,
  publicSignalNames,
  scoreShapeNames,
  scoreSignalNames,
} from '@murmuration/circuits';
import { fieldOrder } from '@murmuration/core';
import type { CeremonyCircuit } from '@murmuration/prover/ceremony';
import { type Section, writeBinaryFile } from '../../../prover/keys/binary_file.ts';
import { sha256File } from '../../../prover/keys/manifest.ts';
import { viewOf, writeLittle } from '../../../prover/kzg/bytes.ts';

/** Writes the R1CS of `w_(1+P+i) = (w_(1 + i mod P) + i) * w_(1 + (i + 1) mod P)` for i below `constraints` and P public signals. */
export async function smallCircuits(folder: string): Promise<CircuitArtifact[]> {
  await mkdir(folder, { recursive: true });
  return Promise.all(
    circuitNames.map(async (circuit, k) => {
      const [path, wasm] = [join(folder, `${circuit}.r1cs`), join(folder, `${circuit}.wasm`)];
      const constraints = 9 + k;
      const publics = publicSignalNames(circuit).length + foldedSignalCount(circuitInstance(circuit, 'tiny'));
      await writeBinaryFile(path, 'r1cs', sections(constraints, publics));
      await writeFile(wasm, circuit);
      return {
        id: `${circuit}/tiny`,
        circuit,
        preset: 'tiny',
        sourceHash: '',
        r1cs: { path, sha256: await sha256File(path) },
        wasm: { path: wasm, sha256: await sha256File(wasm) },
        constraints,
        wires: 1 + publics + constraints,
        publicSignals: publicSignalNames(circuit),
      };
    }),
  );
}

/** The same for the shapes of `score`. */
export async function smallScoreCircuits(folder: string): Promise<CeremonyCircuit[]> {
  await mkdir(folder, { recursive: true });
  return Promise.all(
    scoreShapeNames.map(async (circuit, k) => {
      const [path, wasm] = [join(folder, `${circuit}.r1cs`), join(folder, `${circuit}.wasm`)];
      await writeBinaryFile(path, 'r1cs', sections(9 + k, scoreSignalNames.length));
      await writeFile(wasm, circuit);
      return {
        id: `score/${circuit}`,
        circuit,
        r1cs: { path, sha256: await sha256File(path) },
        wasm: { path: wasm, sha256: await sha256File(wasm) },
      };
    }),
  );
}

function sections(constraints: number, publics: number): Section[] {
  const wires = 1 + publics + constraints;
  const header = new Uint8Array(64);
  const view = viewOf(header);
  view.setUint32(0, 32, true);
  writeLittle(view, 4, fieldOrder);
  [wires, 0, publics, constraints].forEach((value, i) => {
    view.setUint32(36 + 4 * i, value, true);
  });
  view.setBigUint64(52, BigInt(wires), true);
  view.setUint32(60, constraints, true);
  const rows = Array.from({ length: constraints }, (_, i) =>
    Buffer.concat([
      terms([0, BigInt(i)], [1 + (i % publics), 1n]),
      terms([1 + ((i + 1) % publics), 1n]),
      terms([1 + publics + i, 1n]),
    ]),
  );
  const labels = new Uint8Array(8 * wires);
  return [
    { type: 1, bytes: header },
    { type: 2, bytes: Buffer.concat(rows) },
    { type: 3, bytes: labels },
  ];
}

function terms(...list: readonly (readonly [number, bigint])[]): Uint8Array {
  const bytes = new Uint8Array(4 + 36 * list.length);
  const view = viewOf(bytes);
  view.setUint32(0, list.length, true);
  list.forEach(([wire, coefficient], i) => {
    view.setUint32(4 + 36 * i, wire, true);
    writeLittle(view, 8 + 36 * i, coefficient);
  });
  return bytes;
}
