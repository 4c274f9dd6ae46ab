// packing.json: lanes and the field elements they fill.
import { pack } from '../../../prover/packing.ts';
import { source } from '../random.ts';
import { hex } from '../write.ts';

export function packing() {
  const random = source('packing');
  const lanes = (bits: number, length: number) =>
    Array.from({ length }, () => random.integer(0, 2 ** bits - 1));
  const cases: [string, number, number[]][] = [
    ['one lane', 8, [0x5a]],
    ['lane 0 is least significant', 8, [1, 2, 3]],
    ['a full element of 8 bits, all ones', 8, new Array<number>(31).fill(255)],
    ['31 lanes of 8 bits and one more', 8, lanes(8, 32)],
    ['a full element of 18 bits, all ones', 18, new Array<number>(14).fill(2 ** 18 - 1)],
    ['14 lanes of 18 bits and one more', 18, lanes(18, 15)],
    ['a tiny chunk of an update', 8, lanes(8, 96)],
    ['a tiny chunk of a sum', 18, lanes(18, 96)],
  ];
  return {
    about: 'floor(253 / bits) lanes to a field element, lane 0 in the least significant bits',
    cases: cases.map(([name, bits, values]) => ({
      name,
      bits,
      lanes: values,
      elements: pack(values, bits).map(hex),
    })),
  };
}
