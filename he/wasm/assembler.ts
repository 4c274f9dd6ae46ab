// A minimal assembler for WebAssembly modules: typed expressions in, module bytes out.
// Spec: WebAssembly Core 1.0, section 5 (binary format). Only what the kernel uses is here.

export type Type = 'i32' | 'i64' | 'f64';

/** A run of instructions. An expression leaves one value on the stack, a statement none. */
export type Code = readonly number[];

const typeByte: Record<Type, number> = { i32: 0x7f, i64: 0x7e, f64: 0x7c };
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
  (opcode: number) =>
  (...operands: Code[]): Code => [...operands.flat(), opcode];

const memory =
  (opcode: number, alignment: number) =>
  (...operands: Code[]): Code => [...operands.flat(), opcode, alignment, 0];

export const i32 = {
  const: (value: number): Code => [0x41, ...signed(BigInt(value))],
  eqz: op(0x45),
  lt: op(0x49),
  ge: op(0x4f),
  add: op(0x6a),
  sub: op(0x6b),
  and: op(0x71),
  shl: op(0x74),
  shr: op(0x76),
};

export const i64 = {
  const: (value: bigint): Code => [0x42, ...signed(value)],
  load: memory(0x29, 3),
  load8: memory(0x31, 0),
  store: memory(0x37, 3),
  store8: memory(0x3c, 0),
  ltu: op(0x54),
  geu: op(0x5a),
  add: op(0x7c),
  sub: op(0x7d),
  mul: op(0x7e),
  rem: op(0x81),
  and: op(0x83),
  or: op(0x84),
  shl: op(0x86),
  sar: op(0x87),
  shr: op(0x88),
  trunc: op(0xb0),
  reinterpret: op(0xbd),
};

export const f64 = {
  const: (value: number): Code => [0x44, ...new Uint8Array(new Float64Array([value]).buffer)],
  load: memory(0x2b, 3),
  store: memory(0x39, 3),
  add: op(0xa0),
  sub: op(0xa1),
  mul: op(0xa2),
  floor: op(0x9c),
  convert: op(0xb9),
};

/** Runs `body` as long as `condition` is not zero. */
export const repeat = (condition: Code, ...body: Code[]): Code => [
  ...[0x02, emptyBlock, 0x03, emptyBlock],
  ...i32.eqz(condition),
  ...[0x0d, 1],
  ...body.flat(),
  ...[0x0c, 0, 0x0b, 0x0b],
];

/** Runs `body` once if `condition` is not zero. */
export const when = (condition: Code, ...body: Code[]): Code => [
  ...condition,
  ...[0x04, emptyBlock],
  ...body.flat(),
  0x0b,
];

/** A parameter or local of a function. */
export interface Variable {
  readonly type: Type;
  readonly get: Code;
  set(value: Code): Code;
}

export interface Func {
  readonly name: string;
  readonly params: readonly Type[];
  readonly result: Type | undefined;
  readonly locals: readonly Type[];
  readonly body: Code;
}

/** Declares an exported function. `build` gets one variable a parameter and a way to make locals. */
export function func(
  name: string,
  params: readonly Type[],
  result: Type | undefined,
  build: (local: (type: Type) => Variable, ...params: Variable[]) => Code[],
): Func {
  const locals: Type[] = [];
  const variable = (type: Type, index: number): Variable => ({
    type,
    get: [0x20, ...unsigned(index)],
    set: (value) => [...value, 0x21, ...unsigned(index)],
  });
  const local = (type: Type) => variable(type, params.length + locals.push(type) - 1);
  const body = build(local, ...params.map(variable)).flat();
  return { name, params, result, locals, body };
}

const vector = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
];
const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...unsigned(content.length),
  ...content,
];
const text = (value: string): number[] => [...unsigned(value.length), ...Buffer.from(value, 'ascii')];

/** The bytes of a module that imports the memory `env.memory` and exports `functions`. */
export function assemble(functions: readonly Func[], pages: number): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ params, result }) => [
    0x60,
    ...vector(params.map((type) => [typeByte[type]])),
    ...vector(result ? [[typeByte[result]]] : []),
  ]);
  const bodies = functions.map(({ locals, body }) => {
    const code = [...vector(locals.map((type) => [1, typeByte[type]])), ...body, 0x0b];
    return [...unsigned(code.length), ...code];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(types)),
    ...section(2, vector([[...text('env'), ...text('memory'), 0x02, 0x00, ...unsigned(pages)]])),
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...section(7, vector(functions.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)]))),
    ...section(10, vector(bodies)),
  ]);
}
