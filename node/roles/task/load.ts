// A task's description and first model: fetched by the digests on chain, and held against the task's
// parameters there.

import type { TaskParameters } from '@murmuration/contracts';
import { presets } from '@murmuration/prover';
import type { PostedTask } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import { type ModelLayout, modelLayout, type TaskDescription, taskDescription } from '../../learn/index.ts';
import { decodeModel, probeNormBound } from '../../protocol/index.ts';
import { type ContentStore, fetchAndPin } from '../../store/index.ts';

/** Most bytes of a description: a schema of 4096 columns with their categories, with room. */
const maxDescription = 16 * 2 ** 20;

/** What a task learns. */
export interface LoadedTask {
  readonly description: TaskDescription;
  readonly layout: ModelLayout;
  /** The model that the first round trains from. */
  readonly firstModel: Float32Array;
}

/**
 * Description and chain disagree. A member that followed either would do something else than the others, and
 * be slashed for it.
 */
export class TaskMismatch extends NodeError {
  readonly fields: readonly string[];

  constructor(task: bigint, mismatches: readonly { field: string; described: unknown; onChain: unknown }[]) {
    const list = mismatches.map(
      ({ field, described, onChain }) => `${field} is ${described}, on chain ${onChain}`,
    );
    super('task', `task ${task}: its description does not fit the chain: ${list.join('; ')}`, {
      mend: 'Do not join it.',
    });
    this.fields = mismatches.map(({ field }) => field);
  }
}

/**
 * Fetches and checks a task.
 * @throws TaskMismatch naming every field that differs; NodeError `task` for a description that breaks the
 * schema.
 */
export async function loadTask(store: ContentStore, posted: PostedTask): Promise<LoadedTask> {
  const { task, parameters } = posted;
  const description = await fetchDescription(store, posted);
  checkDescription(task, description, parameters);
  const layout = modelLayout(description.model);
  checkModelSize(task, layout.size, parameters.modelSize);
  const bytes = await fetchAndPin(store, parameters.model, { maxBytes: layout.size * 4 });
  return { description, layout, firstModel: decodeModel(bytes, layout.size) };
}

/** The description that the digest on chain names, parsed. */
export async function fetchDescription(store: ContentStore, posted: PostedTask): Promise<TaskDescription> {
  const bytes = await fetchAndPin(store, posted.parameters.metadata, { maxBytes: maxDescription });
  const parsed = taskDescription.safeParse(parseJson(posted.task, bytes));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new NodeError(
    'task',
    `task ${posted.task}: its description breaks the schema: ${issue!.path.join('.') || 'the whole'}: ` +
      `${issue!.message}`,
  );
}

/** Holds a description against the parameters on chain. @throws TaskMismatch */
export function checkDescription(
  task: bigint,
  { preset, rounds, compression, aggregation }: TaskDescription,
  parameters: TaskParameters,
): void {
  const pairs: [field: string, described: unknown, onChain: unknown][] = [
    ['preset', presets[preset].id, parameters.preset],
    ['rounds', rounds, parameters.rounds],
    ['chunks', compression.chunks, parameters.chunks],
    ['normBound', BigInt(compression.normBound), parameters.normBound],
    [
      'probeNormBound',
      BigInt(probeNormBound(presets[preset].coordinatesPerChunk)),
      parameters.probeNormBound,
    ],
    ['selector', compression.selector, parameters.selector === 0 ? 'probe' : 'leader'],
    ['scale', BigInt(aggregation.scale), parameters.scale],
    ['target', aggregation.targetRms, parameters.target],
  ];
  const wrong = pairs.filter(([, described, onChain]) => described !== onChain);
  if (wrong.length > 0)
    throw new TaskMismatch(
      task,
      wrong.map(([field, described, onChain]) => ({ field, described, onChain })),
    );
}

function checkModelSize(task: bigint, described: number, onChain: number): void {
  if (described !== onChain) throw new TaskMismatch(task, [{ field: 'modelSize', described, onChain }]);
}

function parseJson(task: bigint, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new NodeError('task', `task ${task}: its description is no JSON in UTF-8`, { cause });
  }
}
