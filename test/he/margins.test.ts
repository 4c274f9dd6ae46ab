// Which values an encryption proof watches: those that a witness could have moved out of their cells. What is here of
// cells is computed from their definition, with values at every kind of border and witnesses at their bounds.

import { expect, it } from 'vitest';
import { preset } from '../../he/index.ts';
import { type Half, halves } from '../../he/wellformed/cells.ts';
import { Margins } from '../../he/wellformed/margins.ts';
import { proofShape } from '../../he/wellformed/shape.ts';

it.each((['base', 'wide'] as const).flatMap((name) => halves.map((half) => ({ name, half }))))(
  '$name, c$half: a response holds only where every value keeps a whole shift from its border',
  (of) => {
    const params = preset(of.name);
    const shape = proofShape(params, 2);
    const [q0] = params.primes;
    const most = of.half === 1 ? BigInt(shape.shift1) : shape.shift0;

    /** The cell of a value, of which none lies outside of [0, Q). */
    const cell = (value: bigint): string => {
      if (value < 0n || value >= params.modulus) return 'none';
      const [k0, k1] = [value % q0, value / q0];
      return of.half === 1 ? `${k1} ${k0 >> BigInt(shape.cellBits)}` : `${k1 >> BigInt(shape.upperBits)}`;
    };
    /** Whether a mask's value that a witness moves so far leaves the response's a whole shift inside its cell. */
    const inside = (value: bigint, moved: bigint): boolean =>
      cell(value + moved - most) === cell(value + moved + most);

    /** Borders: both ends of the range, and between two cells, where k1 stays and where it does not. */
    const width = of.half === 1 ? 1n << BigInt(shape.cellBits) : q0 << BigInt(shape.upperBits);
    const whole = of.half === 1 ? q0 : params.modulus;
    const borders = [0n, width, (whole / width) * width, q0 * 8n, params.modulus];
    const tried = borders.flatMap((border) =>
      [-2n * most - 1n, -2n * most, -2n * most + 1n, -most - 1n, -most, -1n, 0n]
        .flatMap((below) => [border + below, border - below - 1n, border - below])
        .filter((value) => value >= 0n && value < params.modulus)
        .flatMap((value) => [-most, -1n, 0n, 1n, most].map((moved) => ({ value, moved }))),
    );
    const held = tried.map(({ value, moved }) => hold(value, moved, of.half));
    expect(held).toEqual(tried.map(({ value, moved }) => inside(value, moved)));
    expect(new Set(held).size).toBe(2);

    function hold(value: bigint, moved: bigint, half: Half): boolean {
      const margins = new Margins(params, shape);
      const row = (of: bigint) => BigUint64Array.of(of);
      margins.note(half, { k0: row(value % q0), k1: row(value / q0), dropped: row(0n) });
      // c1's values move by what is divided by P; c0's by T times that, and by the rest of rounding.
      const residual = Int32Array.of(half === 1 ? Number(-moved * params.specialPrime) : 0);
      const rounding = Int32Array.of(half === 1 ? 0 : Number(moved));
      const none = Int32Array.of(0);
      const witness = { u: none, residuals: [none, residual] as const, rounding };
      return margins.hold([witness], [0]);
    }
  },
);
