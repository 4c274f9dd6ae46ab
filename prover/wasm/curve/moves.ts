// Points between their places: from tables and single points into the entries of a batch, and back. See layout.ts.
import {
  type Code,
  type Func,
  func,
  i32,
  i32s,
  i64,
  type NewLocal,
  type Variable,
  v128,
} from '@murmuration/core/wasm';
import { centred, type FieldCode, inverse, type Step } from '../field/index.ts';
import { type Build, numberBytes, vectorised } from '../kernel.ts';
import { advance, doublingFunctions, times } from './additions.ts';
import { type Degree, entryBytes, packedBytes, pointBytes } from './layout.ts';

const lowLanes = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const highLanes = lowLanes.map((byte) => byte + 8);

/** The functions of a curve that sums need. `name` stands before each function's name. */
export function moveFunctions(build: Build, name: string, degree: Degree, modulus: bigint): Func[] {
  return moves(build, name, degree, modulus).forSums();
}

/** The functions of a curve that make tables: points from a key file, their doubles, and packed points from them. */
export function tableFunctions(build: Build, name: string, degree: Degree, modulus: bigint): Func[] {
  return [
    ...doublingFunctions(build, name, degree, modulus),
    ...moves(build, name, degree, modulus).forTables(),
  ];
}

function moves(build: Build, name: string, degree: Degree, modulus: bigint) {
  const { kernel } = build;
  const { lanes, lanesPerVector } = kernel;
  const number = numberBytes * lanes;
  const entry = entryBytes(kernel, degree);
  const packed = packedBytes(degree);
  const point = pointBytes(degree);
  const coordinates = Array.from({ length: 2 * degree }, (_, i) => i);
  const addresses = (local: NewLocal) => Array.from({ length: lanes }, () => local('i32'));
  const lanesOf = (all: readonly Variable[], vector: number) =>
    all.slice(vector * lanesPerVector, (vector + 1) * lanesPerVector);

  /**
   * (pairs, entries, to, table): two references for each addition, `2 index + sign` into the table; a point with sign 1 is negated. The
   * references of one entry more are read: while an entry is unpacked, its successor's points are on their way from memory, which would
   * otherwise take longer than the additions.
   */
  const gatherPacked = () =>
    func(`${name}gatherPacked`, i32s(4), 'i32', (local, pairs, entries, to, table) => {
      const { prologue, steps } = vectorised(build, modulus, local);
      const at = addresses(local);
      const references = addresses(local);
      const touched = local('i32');
      const addressOf = (reference: Code) =>
        i32.add(table.get, i32.mul(i32.shr(reference, i32.const(1)), i32.const(packed)));
      const touch = Array.from({ length: 2 * lanes }, (_, i) => {
        const point = addressOf(i32.load(pairs.get, 8 * lanes + 4 * i));
        return Array.from({ length: degree }, (_, line) =>
          touched.set(i32.or(touched.get, i32.load(point, 64 * line))),
        );
      });
      const body = [0, 1].map(
        (operand): Code => [
          at.map((address, lane) => [
            references[lane]!.set(i32.load(pairs.get, 8 * lane + 4 * operand)),
            address.set(addressOf(references[lane]!.get)),
          ]),
          steps((field, vector) => {
            const words = field.words('packed');
            const x = field.number('unpacked');
            const [sign] = field.words('sign');
            return [
              field.gatherSigns(sign!, lanesOf(references, vector)),
              ...coordinates.flatMap((i): Step[] => [
                field.loadWords(words, lanesOf(at, vector), 32 * i),
                field.unpack(x, words),
                ...(i >= degree ? [field.negateWhere(x, sign!)] : []),
                field.store(to.get, x, (2 * degree * operand + i) * number),
              ]),
            ];
          }),
        ],
      );
      return [
        prologue(),
        times(entries, touch, body, advance(pairs, 8 * lanes), advance(to, entry)),
        // The result keeps the loads from being left out.
        touched.get,
      ];
    });

  /** Limb by limb from single points to rows, two limbs of two points at a time. */
  const interleave = (local: NewLocal, at: readonly Variable[], to: Variable, offset: number): Code => {
    const [a, b] = [local('v128'), local('v128')];
    return Array.from({ length: kernel.vectors }, (_, vector) =>
      Array.from(
        { length: 5 * degree },
        (_, i): Code => [
          a.set(v128.load(at[2 * vector]!.get, 16 * i)),
          b.set(v128.load(at[2 * vector + 1]!.get, 16 * i)),
          v128.store(to.get, v128.shuffle(lowLanes, a.get, b.get), offset + 16 * lanes * i + 16 * vector),
          v128.store(
            to.get,
            v128.shuffle(highLanes, a.get, b.get),
            offset + 16 * lanes * i + 8 * lanes + 16 * vector,
          ),
        ],
      ),
    );
  };

  /** (pairs, entries, to): two addresses of single points for each addition. */
  const gather = () =>
    func(`${name}gather`, i32s(3), undefined, (local, pairs, entries, to) => {
      const at = addresses(local);
      const body = [0, 1].map(
        (operand): Code => [
          at.map((address, lane) => address.set(i32.load(pairs.get, 8 * lane + 4 * operand))),
          kernel.doubles
            ? interleave(local, at, to, 2 * degree * number * operand)
            : copyWords(at[0]!, 0, to, 2 * degree * number * operand, 10 * degree),
        ],
      );
      return [times(entries, body, advance(pairs, 8 * lanes), advance(to, entry))];
    });

  /** (from, entries, to): the first point of each lane of each entry, one after the other. */
  const scatter = () =>
    func(`${name}scatter`, i32s(3), undefined, (local, from, entries, to) => {
      const [a, b] = [local('v128'), local('v128')];
      const body = kernel.doubles
        ? Array.from({ length: kernel.vectors }, (_, vector) =>
            Array.from(
              { length: 5 * degree },
              (_, i): Code => [
                a.set(v128.load(from.get, 16 * lanes * i + 16 * vector)),
                b.set(v128.load(from.get, 16 * lanes * i + 8 * lanes + 16 * vector)),
                v128.store(to.get, v128.shuffle(lowLanes, a.get, b.get), point * 2 * vector + 16 * i),
                v128.store(to.get, v128.shuffle(highLanes, a.get, b.get), point * (2 * vector + 1) + 16 * i),
              ],
            ),
          )
        : copyWords(from, 0, to, 0, 10 * degree);
      return [times(entries, body, advance(from, entry), advance(to, lanes * point))];
    });

  /** (from, entries, to): the first point of each lane of each entry, in words of 32 bytes a coordinate. */
  const toPacked = (
    what: string,
    { offset, factor }: { readonly offset: (field: FieldCode) => bigint; readonly factor?: bigint },
  ) =>
    func(`${name}${what}`, i32s(3), undefined, (local, from, entries, to) => {
      const { prologue, steps } = vectorised(build, modulus, local);
      const at = addresses(local);
      const body = [
        at.map((address, lane) => address.set(i32.add(to.get, i32.const(packed * lane)))),
        steps((field, vector) => {
          const words = field.words('packed');
          const x = field.number('x');
          const by = factor === undefined ? undefined : field.constant(centred(factor, modulus));
          return coordinates.flatMap((i) => [
            field.load(x, from.get, i * number),
            ...(by === undefined ? [] : [field.multiply(x, [{ a: x, b: by }])]),
            field.reduce(x),
            field.toWords(words, x, offset(field)),
            field.storeWords(lanesOf(at, vector), words, 32 * i),
          ]);
        }),
      ];
      return [prologue(), times(entries, body, advance(from, entry), advance(to, packed * lanes))];
    });

  /** Packs points for a table. */
  const pack = () => toPacked('pack', { offset: (field) => field.packOffset });

  /**
   * (from, entries, to): points of a key file, 32 bytes a coordinate, least first, times 2^256 mod p, as the first points of entries.
   */
  const importPoints = () =>
    func(`${name}import`, i32s(3), undefined, (local, from, entries, to) => {
      const { prologue, steps } = vectorised(build, modulus, local);
      const at = addresses(local);
      const body = [
        at.map((address, lane) => address.set(i32.add(from.get, i32.const(packed * lane)))),
        steps((field, vector) => {
          const words = field.words('packed');
          const x = field.number('x');
          // (x 2^256) (radix^2 / 2^256) / radix = x radix.
          const factor = field.constant(centred(field.radix ** 2n * inverse(1n << 256n, modulus), modulus));
          return coordinates.flatMap((i) => [
            field.loadWords(words, lanesOf(at, vector), 32 * i),
            field.fromWords(x, words, modulus),
            field.multiply(x, [{ a: x, b: factor }]),
            field.store(to.get, x, i * number),
          ]);
        }),
      ];
      return [prologue(), times(entries, body, advance(from, packed * lanes), advance(to, entry))];
    });

  /** Times 2^256 modulo p, as in a key file, but words may be negative. */
  const exportPoints = () => toPacked('export', { offset: () => 0n, factor: 1n << 256n });

  return {
    forSums: () => [gatherPacked(), gather(), scatter()],
    forTables: () => [pack(), importPoints(), exportPoints()],
  };
}

function copyWords(from: Variable, fromOffset: number, to: Variable, toOffset: number, words: number): Code {
  return Array.from({ length: words }, (_, i) =>
    i64.store(to.get, i64.load(from.get, fromOffset + 8 * i), toOffset + 8 * i),
  );
}
