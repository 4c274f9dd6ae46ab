// A model as ONNX, from raw rows to probabilities and label (https://onnx.ai/onnx/repo-docs/IR.html).
import { checkAdaptation, classNames, type TaskDescription } from '../../learn/index.ts';
import { placedLayers, type TrainedModel } from '../model.ts';
import { addAdaptation } from './adaptation.ts';
import { Graph } from './graph.ts';
import { addLayers } from './layers.ts';
import { encodeModelMessage } from './proto.ts';
import { addRows } from './rows.ts';

/** Versions of the format and of the sets of operators: ONNX 1.15 of 2023 and whatever came later reads them. */
export const onnxVersions = { ir: 9, operators: 17, machineLearning: 4 } as const;

/** An ONNX file, and the names by which it is spoken to. */
export interface OnnxModel {
  readonly bytes: Uint8Array;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/**
 * A model as ONNX. Of a table it has one input a column, `[rows, 1]`: numbers as double, NaN where they are missing;
 * categories as texts, or as numbers where all of them are numbers. Of digits it has the pictures, `pixels`. It gives
 * `label`, a text, and `probabilities`, one a class; for a row that `murmur model predict` refuses, no text and NaN.
 * @throws NodeError `learning` for a model that has no layout, a column whose scale nobody gives, or an adaptation that
 * does not fit.
 */
export function onnx({
  description,
  statistics,
  parameters,
  adaptation,
  lineage,
  producer,
}: TrainedModel): OnnxModel {
  const { model, data, name } = description;
  const names = namesOf(data);
  if (adaptation) checkAdaptation(adaptation, { classes: names.length, inputs: width(model.input) });
  const graph = new Graph();
  const rows =
    data.kind === 'csv'
      ? addRows(graph, data, statistics)
      : graph.input('pixels', 'float', model.input, 'a digit, from 0 for its ground to 1');
  const batch = data.kind === 'csv' ? shaped(graph, rows, model.input) : rows;
  const logits = addLayers(graph, batch, placedLayers(model, parameters));
  const single = model.loss === 'binary';
  const probabilities = adaptation
    ? bothClasses(graph, addAdaptation(graph, adaptation, { rows, logits, single }))
    : single
      ? bothClasses(graph, logits)
      : softmax(graph, logits);
  const outputs = addOutputs(graph, probabilities, names);
  const bytes = encodeModelMessage({
    irVersion: onnxVersions.ir,
    producerName: producer.name,
    producerVersion: producer.version,
    opsetImport: [
      { domain: '', version: onnxVersions.operators },
      { domain: 'ai.onnx.ml', version: onnxVersions.machineLearning },
    ],
    metadata: Object.entries(lineage).map(([key, value]) => ({ key, value })),
    graph: graph.message('model', name),
  });
  const inputs = data.kind === 'csv' ? data.columns.map((column) => column.name) : ['pixels'];
  return { bytes, inputs, outputs };
}

/** Rows in the shape that the first layer takes. */
function shaped(graph: Graph, rows: string, shape: readonly number[]): string {
  if (shape.length === 1) return rows;
  const sides = graph.constant('input_shape', [shape.length + 1], { int64: [-1, ...shape] });
  return graph.node('Reshape', [rows, sides], { name: 'input' });
}

/** The classes, as `murmur model predict` names them. */
const namesOf = (data: TaskDescription['data']): string[] =>
  data.kind === 'csv' ? classNames(data) : Array.from({ length: 10 }, (_, digit) => String(digit));

const width = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

/** Makes probabilities of all classes, and the most probable one's name, outputs. @returns the outputs' names. */
function addOutputs(graph: Graph, probabilities: string, names: readonly string[]): string[] {
  const best = graph.node('ArgMax', [probabilities], { name: 'best', attributes: { axis: 1, keepdims: 0 } });
  // A row without probabilities has no best class: its label is the empty text behind the names.
  const sums = graph.constant('classes', [1], { int64: [1] });
  const sum = graph.node('ReduceSum', [probabilities, sums], {
    name: 'probability',
    attributes: { keepdims: 0 },
  });
  const isRefused = graph.node('IsNaN', [sum], { name: 'row_is_refused' });
  const nobody = graph.constant('no_class', [], { int64: [names.length] });
  const place = graph.node('Where', [isRefused, nobody, best], { name: 'class' });
  const texts = graph.constant('class_names', [names.length + 1], { text: [...names, ''] });
  const label = graph.node('Gather', [texts, place], { name: 'label', attributes: { axis: 0 } });
  graph.output(label, 'text', [], 'the most probable class; empty where the row cannot be used');
  graph.output(probabilities, 'float', [names.length], names.join(', '));
  return [label, probabilities];
}

const softmax = (graph: Graph, logits: string): string =>
  graph.node('Softmax', [logits], { name: 'probabilities', attributes: { axis: -1 } });

/** One logit is the second class's. */
function bothClasses(graph: Graph, logit: string): string {
  const second = graph.node('Sigmoid', [logit], { name: 'second' });
  const one = graph.constant('one', [], { float: Float32Array.of(1) });
  const first = graph.node('Sub', [one, second], { name: 'first' });
  return graph.node('Concat', [first, second], { name: 'probabilities', attributes: { axis: 1 } });
}
