// Reads an ONNX file by the field numbers of onnx.proto, knowing nothing of how it was written.
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** A message's fields by their numbers. */
type Fields = ReadonlyMap<number, readonly (bigint | Uint8Array)[]>;

function fieldsOf(bytes: Uint8Array): Fields {
  const reader = new BinaryReader(bytes);
  const fields = new Map<number, (bigint | Uint8Array)[]>();
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    const value = wire === WireType.Varint ? BigInt(reader.int64()) : reader.bytes();
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  return fields;
}

const numbers = (fields: Fields, at: number): number[] => (fields.get(at) ?? []).map(Number);
const bytes = (fields: Fields, at: number): Uint8Array[] => (fields.get(at) ?? []) as Uint8Array[];
const text = (fields: Fields, at: number): string =>
  bytes(fields, at)
    .map((each) => Buffer.from(each).toString('utf8'))
    .join('');

export function readOnnx(file: Uint8Array) {
  const model = fieldsOf(file);
  const [graph] = bytes(model, 7).map(fieldsOf);
  const entries = (at: number) => bytes(model, at).map(fieldsOf);
  return {
    ir: numbers(model, 1)[0],
    producer: `${text(model, 2)} ${text(model, 3)}`,
    opsets: Object.fromEntries(entries(8).map((each) => [text(each, 1), numbers(each, 2)[0]])),
    metadata: Object.fromEntries(entries(14).map((each) => [text(each, 1), text(each, 2)])),
    /** Constants by name. */
    tensors: new Map(
      bytes(graph!, 5).map((each) => {
        const tensor = fieldsOf(each);
        return [text(tensor, 8), { shape: numbers(tensor, 1), raw: bytes(tensor, 9)[0]! }] as const;
      }),
    ),
  };
}
