// Instances of the statement `score`: its sizes are those of a model, not of a chunk, so that it has shapes where the statements of a
// round have presets.
import type { CompiledSource } from './artifact.ts';
import { type CompileOptions, ensureSource } from './compile.ts';
import { CircuitError } from './errors.ts';
import type { ConstraintCounts } from './instances.ts';
import { openPacked } from './packed.ts';
import data from './score.json' with { type: 'json' };

/** Shapes by name; a shape's place in this list is its number on chain (docs/encodings.md, "Credit scores"). */
export const scoreShapeNames = ['logistic', 'network'] as const;

/** Name of a shape. */
export type ScoreShapeName = (typeof scoreShapeNames)[number];

/** The template with numbers for its parameters. */
export interface ScoreInstance {
  /** The shape's name, or that of a test's own size. */
  readonly shape: string;
  /** Features, then the outputs of each layer; the last is 1. */
  readonly widths: readonly number[];
  /** First states of the sponges of models and of records, each in [0, r). */
  readonly domains: { readonly model: bigint; readonly record: bigint };
}

/** Names of the public signals, in order. */
export const scoreSignalNames: readonly string[] = data.public;

/**
 * The shape of a name that came from outside, such as a flag of a command.
 *
 * @throws {CircuitError} `argument`, listing the names that there are.
 */
export function parseScoreShape(name: string): ScoreShapeName {
  if ((scoreShapeNames as readonly string[]).includes(name)) return name as ScoreShapeName;
  throw new CircuitError(
    'argument',
    `shape is ${JSON.stringify(name)}, but it is one of ${scoreShapeNames.join(', ')}`,
  );
}

/** The instance of a shape. */
export function scoreInstance(shape: ScoreShapeName): ScoreInstance {
  const { widths, model, record } = data.shapes[shape];
  return { shape, widths, domains: { model: BigInt(model), record: BigInt(record) } };
}

/** The constraints that a shape has, by part; circuits/README.md derives them. */
export function expectedScoreConstraints(shape: ScoreShapeName): ConstraintCounts {
  return data.shapes[shape].constraints;
}

/** The circom source of an instance's main component. */
export function scoreSource({ widths, domains }: ScoreInstance): string {
  const parameters = [widths.length - 1, `[${widths.join(', ')}]`, domains.model, domains.record];
  return [
    'pragma circom 2.1.6;',
    'include "score.circom";',
    `component main {public [${data.public.join(', ')}]} = Score(${parameters.join(', ')});`,
    '',
  ].join('\n');
}

/**
 * The compiled circuit of a shape: from the package or the cache if it is there and unaltered, else compiled now (half a minute).
 *
 * @throws {CircuitError} `artifact` for an altered file, `compiler` where it would have to be compiled and cannot.
 */
export async function ensureScoreCircuit(
  shape: ScoreShapeName,
  options: CompileOptions,
): Promise<CompiledSource> {
  const packed = options.symbols ? undefined : await openPacked(`score/${shape}`);
  return packed ?? ensureScoreInstance(scoreInstance(shape), options);
}

/** Like {@link ensureScoreCircuit}, for an instance of any size; it is never among the packed ones. */
export function ensureScoreInstance(
  instance: ScoreInstance,
  options: CompileOptions,
): Promise<CompiledSource> {
  return ensureSource(`score/${instance.shape}`, scoreSource(instance), options);
}
