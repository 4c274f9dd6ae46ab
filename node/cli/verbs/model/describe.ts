// `model describe`: what a planner writes into a task whose model is a program.
import { join } from 'node:path';
import { NodeError } from '../../../errors.ts';
import {
  askParameters,
  folderOf,
  programModel,
  sha256Of,
  type Walls,
  wordsOf,
} from '../../../learn/index.ts';
import { runOf } from '../../open/host.ts';
import { describeIssues } from '../../output/fault.ts';
import { print } from '../../output/format.ts';

/** `model describe`. */
export async function describe(settings: {
  readonly exec: string;
  readonly execWalls?: Walls;
  readonly execShows?: readonly string[];
  readonly home?: string;
  readonly file?: readonly string[];
  readonly set?: readonly (readonly [name: string, value: string | number | boolean])[];
  readonly json: boolean;
}): Promise<void> {
  const { exec, file = [], set = [], json } = settings;
  const [entry] = file;
  if (entry === undefined)
    throw new NodeError('input', '--file is not given, but a task names the files of its program', {
      mend: 'Give the one that is run first, then what it imports.',
    });
  const folder = folderOf(wordsOf(exec), entry);
  const files = await Promise.all(
    file.map(async (name) => ({ name, sha256: await sha256Of(join(folder, name)) })),
  );
  const given = Object.fromEntries(set);
  const run = runOf(exec, settings, (text) => console.error(text));
  const parameters = await askParameters(run, { files, settings: given });
  const parsed = programModel.safeParse({ kind: 'program', files, settings: given, parameters });
  if (!parsed.success) throw new NodeError('input', `the program: ${describeIssues(parsed.error)}`);
  print(json, parsed.data, JSON.stringify(parsed.data, null, 2));
}
