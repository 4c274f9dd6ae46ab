// A minimal assembler for WebAssembly modules: typed expressions in, module bytes out.
// Spec: WebAssembly Core 2.0, section 5 (binary format, with the vector instructions), and the relaxed-SIMD and threads proposals.
// Only what the kernels of he/, prover/ and node/learn/ use is here.

export type Type = 'i32' | 'i64' | 'f64' | 'v128';

/** A run of instructions, nested as it was written. An expression leaves one value on the stack, a statement none. */
export type Code = readonly (number | Code)[];

const typeByte: Record<Type, number> = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b };
const emptyBlock = 0x40;

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  do {
    const low = value & 0x7f;
    value >>>= 7;
    bytes.push(value ? low | 0x80 : low);
  } while (value);
  return bytes;
}

function signed(value: bigint): number[] {
  for (const bytes: number[] = []; ; ) {
    const low = Number(value & 0x7fn);
    value >>= 7n;
    const done = (value === 0n && !(low & 0x40)) || (value === -1n && (low & 0x40) !== 0);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

const op =
  (...opcode: number[]) =>
  (...operands: Code[]): Code => [...operands, ...opcode];

const load =
  (opcode: readonly number[], alignment: number) =>
  (address: Code, offset = 0): Code => [address, ...opcode, alignment, ...unsigned(offset)];

const store =
  (opcode: readonly number[], alignment: number) =>
  (address: Code, value: Code, offset = 0): Code => [
    address,
    value,
    ...opcode,
    alignment,
    ...unsigned(offset),
  ];

export const i32 = {
  const: (value: number): Code => [0x41, ...signed(BigInt(value | 0))],
  load: load([0x28], 2),
  load8: load([0x2d], 0),
  store: store([0x36], 2),
  eqz: op(0x45),
  ne: op(0x47),
  lt: op(0x49),
  gts: op(0x4a),
  gt: op(0x4b),
  ge: op(0x4f),
  add: op(0x6a),
  sub: op(0x6b),
  mul: op(0x6c),
  and: op(0x71),
  or: op(0x72),
  xor: op(0x73),
  shl: op(0x74),
  sar: op(0x75),
  shr: op(0x76),
  wrap: op(0xa7),
};

export const i64 = {
  const: (value: bigint): Code => [0x42, ...signed(BigInt.asIntN(64, value))],
  load: load([0x29], 3),
  load8: load([0x31], 0),
  /** 32 bits, sign extended. */
  load32: load([0x34], 2),
  store: store([0x37], 3),
  store8: store([0x3c], 0),
  store32: store([0x3e], 2),
  eqz: op(0x50),
  eq: op(0x51),
  ne: op(0x52),
  ltu: op(0x54),
  geu: op(0x5a),
  add: op(0x7c),
  sub: op(0x7d),
  mul: op(0x7e),
  rem: op(0x81),
  and: op(0x83),
  or: op(0x84),
  xor: op(0x85),
  shl: op(0x86),
  sar: op(0x87),
  shr: op(0x88),
  extend: op(0xad),
  trunc: op(0xb0),
  reinterpret: op(0xbd),
};

export const f32 = {
  load: load([0x2a], 2),
  store: store([0x38], 2),
  add: op(0x92),
};

export const f64 = {
  const: (value: number): Code => [0x44, ...new Uint8Array(new Float64Array([value]).buffer)],
  load: load([0x2b], 3),
  store: store([0x39], 3),
  add: op(0xa0),
  sub: op(0xa1),
  mul: op(0xa2),
  div: op(0xa3),
  floor: op(0x9c),
  convert: op(0xb9),
};

const vector128 = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];

export const v128 = {
  load: load(vector128(0x00), 4),
  store: store(vector128(0x0b), 4),
  /** Four bytes of memory in all four lanes. */
  loadSplat32: load(vector128(0x09), 2),
  /** Eight bytes of memory in both lanes. */
  loadSplat: load(vector128(0x0a), 3),
  /** Eight bytes of memory in the low lane, zero in the high one. */
  loadLow: load(vector128(0x5d), 3),
  /** Eight bytes of memory in the high lane of a vector. */
  loadHigh: (address: Code, vector: Code, offset = 0): Code => [
    address,
    vector,
    ...vector128(0x57),
    3,
    ...unsigned(offset),
    1,
  ],
  /** One lane of a vector to eight bytes of memory. */
  storeLane: (lane: 0 | 1, address: Code, vector: Code, offset = 0): Code => [
    address,
    vector,
    ...vector128(0x5b),
    3,
    ...unsigned(offset),
    lane,
  ],
  constant: (low: bigint, high: bigint): Code => [
    ...vector128(0x0c),
    ...new Uint8Array(new BigUint64Array([low, high].map((lane) => BigInt.asUintN(64, lane))).buffer),
  ],
  /** Bytes of `a` (0 to 15) and `b` (16 to 31) by number. */
  shuffle: (bytes: readonly number[], a: Code, b: Code): Code => [a, b, ...vector128(0x0d), ...bytes],
  and: op(...vector128(0x4e)),
  or: op(...vector128(0x50)),
  xor: op(...vector128(0x51)),
};

export const i64x2 = {
  splat: op(...vector128(0x12)),
  replaceLane: (lane: 0 | 1, vector: Code, value: Code): Code => [vector, value, ...vector128(0x1e), lane],
  shl: op(...vector128(0xcb)),
  sar: op(...vector128(0xcc)),
  shr: op(...vector128(0xcd)),
  add: op(...vector128(0xce)),
  sub: op(...vector128(0xd1)),
};

export const f32x4 = {
  add: op(...vector128(0xe4)),
  /** `a b + c`, rounded once or twice as the processor has it. */
  relaxedMadd: op(...vector128(0x105)),
};

export const f64x2 = {
  splat: op(...vector128(0x14)),
  lt: op(...vector128(0x49)),
  add: op(...vector128(0xf0)),
  sub: op(...vector128(0xf1)),
  mul: op(...vector128(0xf2)),
  /** `a b + c` and `c - a b`; rounded once where the processor fuses them, twice elsewhere: the caller checks which. */
  relaxedMadd: op(...vector128(0x107)),
  relaxedNmadd: op(...vector128(0x108)),
};

/** Runs `body` as long as `condition` is not zero. */
export const repeat = (condition: Code, ...body: Code[]): Code => [
  ...[0x02, emptyBlock, 0x03, emptyBlock],
  i32.eqz(condition),
  ...[0x0d, 1],
  ...body,
  ...[0x0c, 0, 0x0b, 0x0b],
];

/** Runs `body` once if `condition` is not zero. */
export const when = (condition: Code, ...body: Code[]): Code => [condition, 0x04, emptyBlock, ...body, 0x0b];

/** A parameter or local of a function. */
export interface Variable {
  readonly type: Type;
  readonly get: Code;
  set(value: Code): Code;
}

/** Makes a local variable, zero at first. */
export type NewLocal = (type: Type) => Variable;

export interface Func {
  readonly name: string;
  readonly params: readonly Type[];
  readonly result: Type | undefined;
  readonly locals: readonly Type[];
  readonly body: Code;
}

type Repeated<N extends number, Types extends readonly Type[] = []> = Types['length'] extends N
  ? Types
  : Repeated<N, readonly [...Types, 'i32']>;

/** Types of so many parameters that are addresses or counts. */
export const i32s = <const N extends number>(count: N): Repeated<N> =>
  new Array<Type>(count).fill('i32') as readonly Type[] as Repeated<N>;

/** Declares an exported function. `build` gets a way to make locals and one variable a parameter. */
export function func<const Params extends readonly Type[]>(
  name: string,
  params: Params,
  result: Type | undefined,
  build: (local: NewLocal, ...params: { readonly [Index in keyof Params]: Variable }) => Code[],
): Func {
  const locals: Type[] = [];
  const variable = (type: Type, index: number): Variable => ({
    type,
    get: [0x20, ...unsigned(index)],
    set: (value) => [value, 0x21, ...unsigned(index)],
  });
  const local = (type: Type) => variable(type, params.length + locals.push(type) - 1);
  const variables = params.map(variable) as { readonly [Index in keyof Params]: Variable };
  const body = build(local, ...variables);
  return { name, params, result, locals, body };
}

/** Code in which runs of bytes that are flattened already may lie. */
type Content = readonly (number | Uint8Array | Content)[];

function flatten(code: Content): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array(1 << 10);
  let length = 0;
  const reserve = (more: number): void => {
    if (length + more <= bytes.length) return;
    const longer = new Uint8Array(2 * (length + more));
    longer.set(bytes);
    bytes = longer;
  };
  const write = (items: Content): void => {
    for (const item of items) {
      if (typeof item === 'number') {
        reserve(1);
        bytes[length++] = item;
      } else if (item instanceof Uint8Array) {
        reserve(item.length);
        bytes.set(item, length);
        length += item.length;
      } else write(item);
    }
  };
  write(code);
  return bytes.slice(0, length);
}

const vector = (items: readonly Content[]): Content => [...unsigned(items.length), ...items];
const sized = (content: Content): Content => {
  const bytes = flatten(content);
  return [...unsigned(bytes.length), bytes];
};
const section = (id: number, content: Content): Content => [id, sized(content)];
const text = (value: string): Code => [...unsigned(value.length), ...Buffer.from(value, 'ascii')];

/** The memory that a module imports: at least so many pages of 64 KiB; one that threads share has a greatest size, too. */
export type MemoryImport =
  | number
  | { readonly shared: true; readonly pages: number; readonly maxPages: number };

/** The bytes of a module that imports the memory `env.memory` and exports `functions`. */
export function assemble(functions: readonly Func[], memory: MemoryImport): Uint8Array<ArrayBuffer> {
  const types = functions.map(
    ({ params, result }): Content => [
      0x60,
      vector(params.map((type) => [typeByte[type]])),
      vector(result ? [[typeByte[result]]] : []),
    ],
  );
  const bodies = functions.map(({ locals, body }) =>
    sized([vector(locals.map((type): Code => [1, typeByte[type]])), body, 0x0b]),
  );
  const limits =
    typeof memory === 'number'
      ? [0x00, ...unsigned(memory)]
      : [0x03, ...unsigned(memory.pages), ...unsigned(memory.maxPages)];
  return flatten([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    section(1, vector(types)),
    section(2, vector([[text('env'), text('memory'), 0x02, limits]])),
    section(3, vector(functions.map((_, index) => unsigned(index)))),
    section(7, vector(functions.map(({ name }, index) => [text(name), 0x00, unsigned(index)]))),
    section(10, vector(bodies)),
  ]);
}
