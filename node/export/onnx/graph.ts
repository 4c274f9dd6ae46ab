// Builds the graph of an ONNX file: inputs, constants, operations, outputs, each with a name of its own.
import { bytesOfWords } from '@murmuration/core';
import type { Message } from './proto.ts';

/** Element types, by the numbers of `TensorProto.DataType`. */
export const elements = { float: 1, int64: 7, text: 8, double: 11 } as const;
type Element = keyof typeof elements;

/** What the numbers of `AttributeProto.AttributeType` stand for. */
const attributeTypes = { int: 2, tensor: 4, ints: 7 } as const;

/** A tensor's values, one row after the other. */
export type Values =
  | { readonly float: Float32Array }
  | { readonly double: readonly number[] }
  | { readonly int64: readonly number[] }
  | { readonly text: readonly string[] };

/** What an operation is told beside its inputs. */
export type Attribute = number | readonly number[] | Message<'tensor'>;

/** What there is to an operation beside its inputs. */
interface Told {
  /** Of its output. */
  readonly name: string;
  /** Of the set of operators, where it is not that of neural networks. */
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** A graph that grows by what is added to it; each addition gives the name of what it made. */
export class Graph {
  readonly #names = new Set<string>();
  readonly #nodes: Message<'node'>[] = [];
  readonly #initializers: Message<'tensor'>[] = [];
  readonly #inputs: Message<'value'>[] = [];
  readonly #outputs: Message<'value'>[] = [];

  /** An input that has exactly this name: add inputs before anything else. @param shape after that of rows. */
  input(name: string, element: Element, shape: readonly number[], doc: string): string {
    if (this.#names.has(name)) throw new Error(`the graph has a ${name} already`);
    this.#names.add(name);
    this.#inputs.push({ ...valueInfo(name, element, shape), doc });
    return name;
  }

  /** A tensor that is always the same. */
  constant(name: string, shape: readonly number[], values: Values): string {
    const free = this.#free(name);
    this.#initializers.push({ name: free, ...tensor(shape, values) });
    return free;
  }

  /** An operation with one output. @param name is the output's, or begins it where it is taken. */
  node(operator: string, inputs: readonly string[], { name, domain, attributes = {} }: Told): string {
    const free = this.#free(name);
    this.#nodes.push({
      operator,
      inputs,
      outputs: [free],
      name: free,
      attributes: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
      ...(domain !== undefined && { domain }),
    });
    return free;
  }

  /** Makes what an operation gave an output. */
  output(name: string, element: Element, shape: readonly number[], doc: string): void {
    this.#outputs.push({ ...valueInfo(name, element, shape), doc });
  }

  message(name: string, doc: string): Message<'graph'> {
    return {
      name,
      doc,
      nodes: this.#nodes,
      initializers: this.#initializers,
      inputs: this.#inputs,
      outputs: this.#outputs,
    };
  }

  /** A column may have any name, so that those of the rest give way. */
  #free(name: string): string {
    let free = name;
    while (this.#names.has(free)) free += '_';
    this.#names.add(free);
    return free;
  }
}

/** A tensor without a name. */
export function tensor(shape: readonly number[], values: Values): Message<'tensor'> {
  if ('text' in values) return { shape, type: elements.text, texts: values.text };
  const [element] = Object.keys(values) as [Exclude<Element, 'text'>];
  return { shape, type: elements[element], raw: rawOf(values) };
}

/** Numbers in their bytes, little-endian. */
function rawOf(values: Exclude<Values, { readonly text: unknown }>): Uint8Array {
  if ('float' in values) return bytesOfWords(values.float);
  const numbers = 'double' in values ? values.double : values.int64;
  const bytes = new Uint8Array(numbers.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [i, number] of numbers.entries())
    if ('double' in values) view.setFloat64(i * 8, number, true);
    else view.setBigInt64(i * 8, BigInt(number), true);
  return bytes;
}

function attribute(name: string, value: Attribute): Message<'attribute'> {
  if (typeof value === 'number') return { name, int: value, type: attributeTypes.int };
  if (Array.isArray(value)) return { name, ints: value as readonly number[], type: attributeTypes.ints };
  return { name, tensor: value as Message<'tensor'>, type: attributeTypes.tensor };
}

function valueInfo(name: string, element: Element, shape: readonly number[]): Message<'value'> {
  const sides = [{ name: 'rows' }, ...shape.map((size) => ({ size }))];
  return { name, type: { tensor: { element: elements[element], shape: { sides } } } };
}
