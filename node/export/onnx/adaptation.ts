// What a site has adapted, as operations: the formula of node/learn/adapt/adaptation.ts, in double precision as there.
import type { Adaptation } from '../../learn/index.ts';
import { elements, type Graph } from './graph.ts';

/** Where a row is on its way through a model of two classes. */
interface Adapted {
  /** Encoded, as wide as a row of the schema. */
  readonly rows: string;
  /** `[rows, 1]` where there is one, else one a class. */
  readonly logits: string;
  readonly single: boolean;
}

/** Adds a site's adaptation. @returns the logit of the second class against the first, `[rows, 1]`. */
export function addAdaptation(
  graph: Graph,
  { bias, own }: Adaptation,
  { rows, logits, single }: Adapted,
): string {
  const double = (from: string, name: string) =>
    graph.node('Cast', [from], { name, attributes: { to: elements.double } });
  const number = (name: string, value: number) => graph.constant(name, [], { double: [value] });
  const logit = double(single ? logits : difference(graph, logits), 'federated');
  let adapted = graph.node('Add', [logit, number('site.bias', bias)], { name: 'site.shifted' });
  if (own) {
    const { share, weights } = own;
    const width = weights.length - 1;
    const kernel = graph.constant('site.own.kernel', [width, 1], { double: weights.slice(0, width) });
    const product = graph.node('MatMul', [double(rows, 'site.rows'), kernel], { name: 'site.own.product' });
    const sum = graph.node('Add', [product, number('site.own.bias', weights[width]!)], { name: 'site.own' });
    const ours = graph.node('Mul', [sum, number('site.share', share)], { name: 'site.own.part' });
    const theirs = graph.node('Mul', [adapted, number('federation.share', 1 - share)], {
      name: 'federation.part',
    });
    adapted = graph.node('Add', [theirs, ours], { name: 'site.blended' });
  }
  return graph.node('Cast', [adapted], { name: 'adapted', attributes: { to: elements.float } });
}

/** The second logit less the first. */
function difference(graph: Graph, logits: string): string {
  const kernel = graph.constant('second_less_first', [2, 1], { float: Float32Array.of(-1, 1) });
  return graph.node('MatMul', [logits, kernel], { name: 'logit' });
}
