// Keys of small circuits, opened and proven with by one thread, task by task: a proof holds whatever its witness and its key are like.
import { fieldOrder as r } from '@murmuration/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyGroth16 } from '../../../prover/groth16.ts';
import { pieces } from '../../../prover/keys/binary_file.ts';
import { generateZkey, keyScalars } from '../../../prover/keys/generate.ts';
import { developmentSecret } from '../../../prover/keys/secret.ts';
import type { VerifyingKey } from '../../../prover/keys/verifying_key.ts';
import { readG1, readG2 } from '../../../prover/keys/zkey.ts';
import { viewOf } from '../../../prover/kzg/bytes.ts';
import { buildKey } from '../../../prover/wasm/groth16/build.ts';
import { finishProof, randomBlinders } from '../../../prover/wasm/groth16/finish.ts';
import { parseKeyFile, type VectorName, vectorNames } from '../../../prover/wasm/groth16/key_file.ts';
import {
  allocateSlot,
  chooseShape,
  degreeOf,
  extraScalars,
  type KeyLayout,
  layOutKey,
  limitsOf,
  type SlotLayout,
} from '../../../prover/wasm/groth16/layout.ts';
import { clearSlot, writeExtras, writeWitness } from '../../../prover/wasm/groth16/slot.ts';
import {
  allocateRunner,
  createTaskRunner,
  proofTasks,
  type SumPart,
  type Task,
  tableTasks,
} from '../../../prover/wasm/groth16/tasks.ts';
import { numberBytes } from '../../../prover/wasm/kernel.ts';
import { createAllocator } from '../../../prover/wasm/memory.ts';
import { instantiateKernel, type SharedMemory } from '../../../prover/wasm/module.ts';
import {
  type BasesShape,
  jobsOf,
  longJobs,
  referencesOf,
  shapeOf,
  tableBytes,
} from '../../../prover/wasm/msm/bases.ts';
import { witnessFromElements } from '../../../prover/witness/index.ts';
import { multiplier } from '../support/multiplier.ts';
import { type Row, r1csOf } from '../support/small.ts';
import { usableKernels } from './support/kernels.ts';
import { moduleOf } from './support/summing.ts';

/**
 * Wires: 1, public x and y, then b, c and d, their sum s, t = s x, and u = b (b - 1). Constraints of one to four terms and
 * with large coefficients; c and d are bits, b only looks like one where C is not seen, and neither A nor B has u.
 */
const rows: Row[] = [
  ...[3, 4, 5].map(
    (bit): Row => [
      [[bit, 1n]],
      [
        [bit, 1n],
        [0, r - 1n],
      ],
      bit === 3 ? [[8, 1n]] : [],
    ],
  ),
  [
    [
      [3, 1n],
      [4, 2n],
      [5, 4n],
      [0, r - 5n],
    ],
    [[0, 1n]],
    [[6, 1n]],
  ],
  [[[6, 1n]], [[1, 1n]], [[7, 1n]]],
  [
    [[7, 1n]],
    [
      [6, 1n],
      [1, r - 3n],
    ],
    [[2, 1n]],
  ],
];
const circuit = r1csOf(rows, 9);

const mod = (value: bigint) => ((value % r) + r) % r;
function witnessOf(x: bigint, bits: readonly [bigint, bigint, bigint]): bigint[] {
  const s = mod(bits[0] + 2n * bits[1] + 4n * bits[2] - 5n);
  const t = mod(s * x);
  return [1n, x, mod(t * (s - 3n * x)), ...bits, s, t, mod(bits[0] * (bits[0] - 1n))];
}

let file: Uint8Array;
let verifyingKey: VerifyingKey;
beforeAll(async () => {
  const sections = await generateZkey(keyScalars(circuit, developmentSecret('small', '00')), multiplier);
  file = Buffer.concat([...pieces('zkey', sections)]);
  const header = viewOf(sections[1]!.bytes);
  const ic = viewOf(sections[2]!.bytes);
  verifyingKey = {
    alpha: readG1(header, 84),
    beta: readG2(header, 212),
    gamma: readG2(header, 340),
    delta: readG2(header, 532),
    ic: [0, 1, 2].map((i) => readG1(ic, 64 * i)),
  };
});

interface Opened {
  readonly memory: SharedMemory;
  readonly layout: KeyLayout;
  readonly slots: readonly SlotLayout[];
  run(tasks: readonly Task[], slot: SlotLayout): SumPart[];
}

/** Opens the key as a thread does, with room for two proofs, and makes its tables. */
function open(kernel: (typeof usableKernels)[number], levels: number): Opened {
  const module = moduleOf(kernel);
  const room = (layout: KeyLayout) => {
    const allocator = createAllocator(layout.end);
    const slots = [allocateSlot(layout, allocator), allocateSlot(layout, allocator)];
    return { slots, runner: allocateRunner(layout, allocator), end: allocator.top + 1024 };
  };
  const { memory, layout } = buildKey(parseKeyFile(file), module, {
    levels,
    room: (layout) => room(layout).end - layout.end,
  });
  const { slots, runner: places, end } = room(layout);
  // What nobody has written is not 0.
  new Uint8Array(memory.buffer).fill(0xfe, layout.end, end - 1024);
  const runner = createTaskRunner(
    instantiateKernel(module, memory),
    layout,
    places,
    instantiateKernel(moduleOf(kernel, 'tables'), memory),
    () => {},
  );
  const run = (tasks: readonly Task[], slot: SlotLayout) =>
    tasks.flatMap(({ work }, i) => {
      expect(Math.max(-1, ...tasks[i]!.after), 'a task comes after those that it needs').toBeLessThan(i);
      return runner.run(work, slot) ?? [];
    });
  run(tableTasks(layout), slots[0]!);
  return { memory, layout, slots, run };
}

/** Whether the proof of a witness holds. */
function holds(
  { memory, layout, slots, run }: Opened,
  witness: readonly bigint[],
  { slot = 0, threads = 1 } = {},
) {
  const place = { memory, layout, slot: slots[slot]! };
  const blinders = randomBlinders();
  writeWitness(place, 'small', witnessFromElements(witness));
  writeExtras(place, { ...blinders, minusRs: mod(-blinders.r * blinders.s) });
  const proof = finishProof(run(proofTasks(layout, threads), place.slot), blinders);
  clearSlot(place);
  return verifyGroth16(verifyingKey, proof, witness.slice(1, 3));
}

describe('a proof', () => {
  // Both forms of numbers; of the widest kernel threads.test.ts has proofs.
  it.each(usableKernels.slice(-2).map((kernel) => [kernel] as const))('holds, kernel %s', (kernel) => {
    expect(holds(open(kernel, 3), witnessOf(12345678901234567890n, [1n, 0n, 1n]))).toBe(true);
  });
  it('holds in each slot, however the work is divided', () => {
    const key = open('integers', 1);
    expect(holds(key, witnessOf(r - 1n, [0n, 1n, 1n]), { slot: 1, threads: 3 })).toBe(true);
    expect(holds(key, witnessOf(0n, [0n, 0n, 0n]), { threads: 64 })).toBe(true);
  });
  it('holds where what looks like a bit is any number', () => {
    const key = open('integers', 2);
    for (const long of [2n ** 200n, r - 1n, 2n ** 17n]) {
      expect(holds(key, witnessOf(7n, [long, 1n, 0n]))).toBe(true);
    }
    expect(holds(key, witnessOf(7n, [1n, 0n, 0n]))).toBe(true);
  });
  it('is not begun with entries of r or more', () => {
    const key = open('integers', 1);
    expect(() =>
      holds(
        key,
        witnessOf(7n, [1n, 0n, 0n])
          .with(4, r)
          .with(6, 2n ** 255n),
      ),
    ).toThrow(
      expect.objectContaining({
        code: 'backend',
        message: '2 entries of the witness are r or more, but an entry lies in [0, r)',
      }),
    );
  });
  it('does not hold for another witness, and leaves nothing to the next', () => {
    const key = open('integers', 32);
    const honest = witnessOf(5n, [1n, 1n, 0n]);
    expect(holds(key, honest.with(7, 1n))).toBe(false);
    // A bit that is none.
    expect(holds(key, honest.with(4, 2n ** 200n))).toBe(false);
    expect(holds(key, honest)).toBe(true);
  });
});

describe('what a proof leaves in its slot', () => {
  /** Addresses and bytes of what tells of a witness. */
  const secrets = (layout: KeyLayout, slot: SlotLayout): [at: number, bytes: number][] => [
    [slot.witness, 32 * layout.wires],
    [slot.numbers, numberBytes * layout.wires],
    [slot.signed, 32 * (layout.wires + extraScalars)],
    ...slot.rows.map((at): [number, number] => [at, numberBytes * 2 ** layout.domain.log2Size]),
    ...(['a', 'b1', 'b2', 'c'] as const).map((name): [number, number] => {
      const { full, short } = layout.vectors[name].shape;
      return [slot.scalars[name], 32 * (full + short)];
    }),
  ];
  it('is overwritten, all of it and nothing else', () => {
    const { memory, layout, slots } = open('integers', 1);
    const bytes = new Uint8Array(memory.buffer);
    bytes.fill(0xfe, layout.start);
    const expected = Buffer.from(bytes);
    for (const [at, length] of secrets(layout, slots[1]!)) expected.fill(0, at, at + length);
    clearSlot({ memory, layout, slot: slots[1]! });
    expect(Buffer.from(bytes).equals(expected)).toBe(true);
  });
  it('is a witness of the circuit, and no other file', () => {
    const { memory, layout, slots } = open('integers', 1);
    const place = { memory, layout, slot: slots[0]! };
    const good = witnessFromElements(witnessOf(3n, [1n, 0n, 0n]));
    const before = Buffer.from(new Uint8Array(memory.buffer));
    for (const bad of [
      good.with(0, 0),
      good.with(60, 7),
      good.subarray(0, -1),
      good.subarray(0, -32),
      witnessFromElements([...witnessOf(3n, [1n, 0n, 0n]), 1n]),
      new Uint8Array(),
    ]) {
      expect(() => writeWitness(place, 'small', bad)).toThrow(
        expect.objectContaining({
          code: 'backend',
          message: `small: the witness has ${bad.length} bytes, but one of this circuit is a wtns file of 364`,
          mend: 'Calculate the witness with the generator of this circuit.',
        }),
      );
    }
    expect(Buffer.from(new Uint8Array(memory.buffer)).equals(before)).toBe(true);
    writeWitness(place, 'small', good);
    const written = new Uint8Array(memory.buffer).subarray(slots[0]!.witness).subarray(0, 288);
    expect(Buffer.from(written)).toEqual(Buffer.from(good.subarray(76)));
  });
  it('are blinders as signed numbers of least size', () => {
    const { memory, layout, slots } = open('integers', 1);
    const half = r / 2n;
    for (const [values, signed] of [
      [{ r: 0n, s: 1n, minusRs: half }, [0n, 1n, half]],
      [{ r: half + 1n, s: r - 1n, minusRs: r }, [half + 1n - r, -1n, 0n]],
    ] as const) {
      writeExtras({ memory, layout, slot: slots[0]! }, values);
      const view = new DataView(memory.buffer);
      const found = [0, 1, 2].map((i) => {
        const at = slots[0]!.signed + 32 * (layout.wires + i);
        return [24, 16, 8, 0].reduce((sum, k) => (sum << 64n) | view.getBigUint64(at + k, true), 0n);
      });
      expect(found.map((word) => BigInt.asIntN(256, word))).toEqual(signed);
    }
  });
});

/** Sizes of a sum: none, a few, and those of large circuits. */
const sizes = [
  { full: 0, short: 0 },
  { full: 1, short: 0 },
  { full: 3, short: 70 },
  { full: 5000, short: 40_000 },
  { full: 2 ** 17, short: 8193 },
] as const;

describe('the shape of a sum', () => {
  it('is the one of all widths that needs the fewest additions', () => {
    for (const points of sizes) {
      for (const degree of [1, 2] as const) {
        for (const levels of [1, 5, 32]) {
          const cost = (shape: BasesShape) =>
            shape.full * shape.windows.list.length + shape.sets * 2 * 2 ** (shape.windows.width - 1);
          const chosen = chooseShape({ degree, ...points }, levels);
          expect(chosen).toMatchObject({ degree, ...points });
          const all = Array.from({ length: 14 }, (_, i) => shapeOf({ degree, ...points }, 4 + i, levels));
          expect(cost(chosen)).toBe(Math.min(...all.map(cost)));
        }
      }
    }
  });
});

describe('the work of a key', () => {
  /** A layout whose sums have these points. */
  const layoutOf = (points: (typeof sizes)[number]) =>
    layOutKey({
      kernel: 'integers',
      wires: points.full + points.short,
      publics: 3,
      log2Domain: 4,
      points: { a: points, b1: points, b2: points, c: points, h: { full: 16, short: 0 } },
      plans: [
        { bytes: 64, groups: 1 },
        { bytes: 128, groups: 2 },
      ],
      coefficients: 7,
      levels: 5,
    });

  it('makes the table of every point once, in parts that threads can share', () => {
    for (const points of sizes) {
      const { layout } = layoutOf(points);
      for (const name of vectorNames) {
        const { full, short } = layout.vectors[name].shape;
        const made = new Uint8Array(full + short);
        for (const { work, after } of tableTasks(layout)) {
          if (work.type !== 'table' || work.vector !== name) continue;
          expect([after, work.count > 0, work.count <= 8192]).toEqual([[], true, true]);
          // Only points of one kind are in a part: those with all levels, or those with one.
          expect(work.first < full).toBe(work.first + work.count <= full);
          for (let i = 0; i < work.count; i++) made[work.first + i]!++;
        }
        expect(made.every((times) => times === 1)).toBe(true);
      }
    }
  });
  it('does every part of every sum once, in as many parts as give threads a like share', () => {
    for (const [points, threads] of [
      [sizes[3], 1],
      [sizes[3], 4],
      [sizes[2], 7],
      [sizes[0], 64],
    ] as const) {
      const { layout } = layoutOf(points);
      const tasks = proofTasks(layout, threads).map(({ work }) => work);
      const jobs = (name: VectorName) =>
        tasks.flatMap((work) => (work.type === 'sum' && work.vector === name ? [work.job] : []));
      for (const name of ['a', 'b1', 'b2', 'c'] as const) {
        const { shape } = layout.vectors[name];
        expect(jobs(name)).toEqual(jobsOf(shape));
        const long = tasks.filter((work) => work.type === 'long' && work.vector === name);
        expect(long).toHaveLength(shape.short > 0 ? 1 : 0);
      }
      const { sets, windows } = layout.vectors.h.shape;
      const h = jobs('h');
      const parts = h.length / sets;
      expect(h).toEqual(jobsOf(layout.vectors.h.shape, parts));
      expect(h.reduce((sum, { span }) => sum + span, 0)).toBe(sets * 2 ** (windows.width - 1));
      const even = (n: number) => (sets * n) % threads === 0 || sets * n >= 4 * threads;
      expect(even(parts)).toBe(true);
      for (let fewer = 1; fewer < parts; fewer++) expect(even(fewer)).toBe(false);
    }
  });
  it('fits into what each thread has for it', () => {
    for (const points of sizes) {
      const { layout } = layoutOf(points);
      for (const degree of [1, 2] as const) {
        const { references, buckets } = limitsOf(layout, degree);
        const shapes = vectorNames
          .filter((name) => degreeOf(name) === degree)
          .map((name) => layout.vectors[name].shape);
        const most = shapes.flatMap((shape) => [...jobsOf(shape), ...longJobs(shape)]);
        expect(references).toBe(Math.max(...most.map(referencesOf)));
        expect(buckets).toBe(Math.max(...most.map(({ span }) => span)));
      }
    }
  });
  it('has places of its own for all that a key and two proofs hold', () => {
    const { layout, indices, coefficients } = layoutOf(sizes[2]);
    const allocator = createAllocator(layout.end);
    const slots = [allocateSlot(layout, allocator), allocateSlot(layout, allocator)];
    const size = 2 ** layout.domain.log2Size;
    const places: [from: number, bytes: number][] = [
      [layout.order, 32],
      [coefficients, numberBytes * 7],
    ];
    for (const [i, bytes] of [64, 128].entries()) places.push([layout.matrices[i as 0 | 1].plan, bytes]);
    for (const name of vectorNames) {
      const { table, shape, offset, indices: at } = layout.vectors[name];
      places.push([table, tableBytes(shape)], [offset, 32]);
      if (name === 'h') expect(at).toBeUndefined();
      else {
        expect(at).toBe(indices[name]);
        places.push([at!, 4 * (shape.full + shape.short)]);
      }
    }
    for (const [from, bytes] of places) expect(from >= layout.start && from + bytes <= layout.end).toBe(true);
    for (const { witness, numbers, signed, rows, scalars } of slots) {
      const own: typeof places = [
        [witness, 32 * layout.wires],
        [numbers, numberBytes * layout.wires],
        [signed, 32 * (layout.wires + extraScalars)],
        ...rows.map((at): [number, number] => [at, numberBytes * size]),
      ];
      for (const name of ['a', 'b1', 'b2', 'c'] as const) {
        const { full, short } = layout.vectors[name].shape;
        own.push([scalars[name], 32 * (full + short)]);
      }
      expect(scalars.h).toBe(rows[0]);
      for (const [from, bytes] of own) {
        expect(from >= layout.end && from + bytes <= allocator.top).toBe(true);
      }
      places.push(...own);
    }
    places.sort(([a], [b]) => a - b);
    places.forEach(([from, bytes], i) => {
      if (i + 1 < places.length) expect(from + bytes).toBeLessThanOrEqual(places[i + 1]![0]);
    });
  });
});
