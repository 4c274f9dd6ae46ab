// The part of a key's memory that one proof has for itself: what is written into it before a proof, and wiped after it.
import { fieldOrder } from '@murmuration/core';
import { ProverError } from '../../errors.ts';
import { viewOf, writeLittle } from '../../kzg/bytes.ts';
import { numberBytes } from '../kernel.ts';
import { wipeMemory } from '../memory.ts';
import type { SharedMemory } from '../module.ts';
import { extras } from './build.ts';
import { vectorNames } from './key_file.ts';
import { extraScalars, type KeyLayout, type SlotLayout } from './layout.ts';

export interface SlotMemory {
  readonly memory: SharedMemory;
  readonly layout: KeyLayout;
  readonly slot: SlotLayout;
}

/** Where the entries of a `.wtns` file begin: after its magic, header and section heads. */
const headBytes = 24 + 40 + 12;

/** Copies a witness. @throws ProverError `backend` if it is not one of this circuit's size. */
export function writeWitness({ memory, layout, slot }: SlotMemory, id: string, witness: Uint8Array): void {
  const magic = Buffer.from(witness.subarray(0, 4)).toString('latin1');
  const entries = (witness.length - headBytes) / 32;
  if (magic !== 'wtns' || entries !== layout.wires || viewOf(witness).getUint32(60, true) !== entries) {
    throw new ProverError(
      'backend',
      `${id}: the witness has ${witness.length} bytes, but one of this circuit is a wtns file of ${headBytes + 32 * layout.wires}`,
      { mend: 'Calculate the witness with the generator of this circuit.' },
    );
  }
  new Uint8Array(memory.buffer).set(witness.subarray(headBytes), slot.witness);
}

/** Writes the extra scalars of a proof behind the witness's, as signed words of least size. */
export function writeExtras(
  { memory, layout, slot }: SlotMemory,
  values: Readonly<Record<keyof typeof extras, bigint>>,
): void {
  const view = new DataView(memory.buffer);
  for (const name of ['r', 's', 'minusRs'] as const) {
    const residue = values[name] % fieldOrder;
    const signed = residue > fieldOrder / 2n ? residue - fieldOrder : residue;
    writeLittle(view, slot.signed + 32 * (layout.wires + extras[name]), BigInt.asUintN(256, signed));
  }
}

/** Overwrites all that tells of a witness. */
export function clearSlot({ memory, layout, slot }: SlotMemory): void {
  const wipe = (address: number, length: number) => wipeMemory(memory, address, length);
  const scalars = layout.wires + extraScalars;
  wipe(slot.witness, 32 * layout.wires);
  wipe(slot.signed, 32 * scalars);
  wipe(slot.numbers, numberBytes * layout.wires);
  for (const rows of slot.rows) wipe(rows, numberBytes * 2 ** layout.domain.log2Size);
  for (const name of vectorNames) {
    const { full, short } = layout.vectors[name].shape;
    wipe(slot.scalars[name], 32 * (full + short));
  }
}
