// What a job is to prove, and its form as bytes. In bytes the inputs never become text or numbers, which would stay in
// memory until something else is written there: whoever opens a content overwrites it after use.
import { type ElementBytes, type G1Point, type PackableInput, packInputs } from '@murmuration/prover';
import { z } from 'zod';
import { NodeError } from '../../errors.ts';
import { coordinate, element, inputName, type PlainContent } from './submission.ts';

/** What is proven: values by name, each in [0, r). */
export interface JobContent<Inputs extends PackableInput = PackableInput> {
  readonly signals: Readonly<Record<string, bigint>>;
  readonly inputs: Inputs;
  /** Stands for the public inputs that are not signals, where the statement has such. */
  readonly point?: G1Point | undefined;
}

/** Bytes of an element of the field, and of a small one of a long list. */
const widths = [32, 2] as const;
/** A list of so many elements is written in two bytes each where all are below 2^16: lanes are, whatever is in them. */
const longList = 32;

const headSchema = z.strictObject({
  signals: z.record(inputName, element),
  point: z.tuple([coordinate, coordinate]).optional(),
  inputs: z.array(z.tuple([inputName, z.int().min(0), z.literal(widths)])),
});

/**
 * The content as bytes that depend on its values alone: the length of the head, 4 bytes, little end first; the head,
 * JSON of signals, point and the inputs' names, lengths and widths; the elements, little end first.
 *
 * @throws ProverError `witness` for an element out of range.
 */
export function encodeContent({ signals, inputs, point }: JobContent): Uint8Array {
  const { names, elements } = packInputs('job', sorted(inputs));
  const lists: (readonly [string, number, (typeof widths)[number]])[] = [];
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const { name, count } of names) {
    const bytes = elements.subarray(at, at + 32 * count);
    at += bytes.length;
    const small = count >= longList && isSmall(bytes);
    lists.push([name, count, small ? 2 : 32]);
    parts.push(small ? narrow(bytes) : bytes);
  }
  const words = Object.entries(sorted(signals)).map(([name, value]) => [name, String(value)]);
  const head = new TextEncoder().encode(
    JSON.stringify({
      signals: Object.fromEntries(words),
      ...(point && { point: [String(point.x), String(point.y)] }),
      inputs: lists,
    }),
  );
  const size = parts.reduce((sum, { length }) => sum + length, 4 + head.length);
  const content = new Uint8Array(size);
  new DataView(content.buffer).setUint32(0, head.length, true);
  content.set(head, 4);
  let to = 4 + head.length;
  for (const part of parts) {
    content.set(part, to);
    to += part.length;
  }
  elements.fill(0);
  return content;
}

const sorted = <T>(of: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1)));

const isSmall = (elements: Uint8Array): boolean => elements.every((byte, i) => i % 32 < 2 || byte === 0);

const narrow = (elements: Uint8Array): Uint8Array =>
  Uint8Array.from({ length: elements.length / 16 }, (_, i) => elements[32 * (i >> 1) + (i & 1)]!);

/**
 * The content again. Its inputs are views of `bytes`: they end when those are overwritten.
 *
 * @throws NodeError `input` for bytes of another form.
 */
export function decodeContent(bytes: Uint8Array): JobContent<Readonly<Record<string, ElementBytes>>> {
  const refuse = (): never => {
    throw new NodeError('input', 'the sealed bytes hold no content of a job');
  };
  if (bytes.length < 4) refuse();
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const head = headOf(bytes.subarray(4, 4 + length)) ?? refuse();
  let at = 4 + length;
  const inputs = head.inputs.map(([name, count, width]) => {
    const part = bytes.subarray(at, at + count * width);
    at += count * width;
    return [name, { width, bytes: part }] as const;
  });
  if (at !== bytes.length) refuse();
  return readClaim(head, Object.fromEntries(inputs));
}

function headOf(bytes: Uint8Array): z.output<typeof headSchema> | undefined {
  try {
    return headSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data;
  } catch {
    return undefined;
  }
}

/** The content of a submission in decimal digits. */
export function readContent({ inputs, ...claim }: PlainContent): JobContent {
  return readClaim(
    claim,
    mapped(inputs, (list) => list.map(BigInt)),
  );
}

function readClaim<Inputs extends PackableInput>(
  { signals, point }: Pick<PlainContent, 'signals' | 'point'>,
  inputs: Inputs,
): JobContent<Inputs> {
  return {
    signals: mapped(signals, BigInt),
    inputs,
    point: point && { x: BigInt(point[0]), y: BigInt(point[1]) },
  };
}

/** A content whose inputs are numbers, in decimal digits. */
export function writeContent({
  signals,
  inputs,
  point,
}: JobContent<Readonly<Record<string, readonly bigint[]>>>): PlainContent {
  return {
    signals: mapped(signals, String),
    inputs: mapped(inputs, (list) => list.map(String)),
    ...(point && { point: [String(point.x), String(point.y)] as [string, string] }),
  };
}

const mapped = <T, U>(of: Readonly<Record<string, T>>, to: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(of).map(([key, value]) => [key, to(value)]));
