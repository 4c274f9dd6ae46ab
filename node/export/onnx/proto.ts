// The messages of an ONNX file as far as exports write them, in the wire format of protobuf. Fields have the numbers of
// https://github.com/onnx/onnx/blob/main/onnx/onnx.proto; unknown ones and defaults are left out, as the format allows.
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

interface Scalar {
  readonly text: string;
  readonly int: number | bigint;
  readonly bytes: Uint8Array;
}

/** By message: the number of each field, and what it holds. */
const messages = {
  model: {
    irVersion: [1, 'int'],
    producerName: [2, 'text'],
    producerVersion: [3, 'text'],
    graph: [7, 'graph'],
    opsetImport: [8, 'opset'],
    metadata: [14, 'entry'],
  },
  opset: { domain: [1, 'text'], version: [2, 'int'] },
  entry: { key: [1, 'text'], value: [2, 'text'] },
  graph: {
    nodes: [1, 'node'],
    name: [2, 'text'],
    initializers: [5, 'tensor'],
    doc: [10, 'text'],
    inputs: [11, 'value'],
    outputs: [12, 'value'],
  },
  node: {
    inputs: [1, 'text'],
    outputs: [2, 'text'],
    name: [3, 'text'],
    operator: [4, 'text'],
    attributes: [5, 'attribute'],
    domain: [7, 'text'],
  },
  attribute: {
    name: [1, 'text'],
    int: [3, 'int'],
    tensor: [5, 'tensor'],
    ints: [8, 'int'],
    type: [20, 'int'],
  },
  tensor: {
    shape: [1, 'int'],
    type: [2, 'int'],
    texts: [6, 'text'],
    name: [8, 'text'],
    raw: [9, 'bytes'],
  },
  value: { name: [1, 'text'], type: [2, 'type'], doc: [3, 'text'] },
  type: { tensor: [1, 'tensorType'] },
  tensorType: { element: [1, 'int'], shape: [2, 'shape'] },
  shape: { sides: [1, 'side'] },
  side: { size: [1, 'int'], name: [2, 'text'] },
} as const;

type Messages = typeof messages;
type Held<Kind> = Kind extends keyof Scalar
  ? Scalar[Kind]
  : Kind extends keyof Messages
    ? Message<Kind>
    : never;

/** A message: fields with a value, or with a list of them where the field repeats. */
export type Message<M extends keyof Messages> = {
  readonly [F in keyof Messages[M]]?: Messages[M][F] extends readonly [number, infer Kind]
    ? Held<Kind> | readonly Held<Kind>[]
    : never;
};

/** A model's bytes. */
export function encodeModelMessage(model: Message<'model'>): Uint8Array {
  const writer = new BinaryWriter();
  write(writer, messages.model, model);
  return writer.finish();
}

type Fields = Readonly<Record<string, readonly [number: number, kind: keyof Scalar | keyof Messages]>>;

function write(writer: BinaryWriter, fields: Fields, message: Readonly<Record<string, unknown>>): void {
  for (const [name, [number, kind]] of Object.entries(fields)) {
    const value = message[name];
    if (value === undefined) continue;
    for (const each of Array.isArray(value) ? value : [value]) {
      if (kind === 'int') writer.tag(number, WireType.Varint).int64(each as number | bigint);
      else if (kind === 'text') writer.tag(number, WireType.LengthDelimited).string(each as string);
      else if (kind === 'bytes') writer.tag(number, WireType.LengthDelimited).bytes(each as Uint8Array);
      else {
        writer.tag(number, WireType.LengthDelimited).fork();
        write(writer, messages[kind], each as Readonly<Record<string, unknown>>);
        writer.join();
      }
    }
  }
}
