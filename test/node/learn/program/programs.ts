// Programs as tasks and tests name them: their files with digests, their parameters, and the Python that runs them.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type ProgramModel, programModel, sha256Of, type Walls } from '../../../../node/learn/index.ts';
import { root } from '../../../suites/suite.ts';

/** A task's model of a program. */
export async function modelOf(
  folder: string,
  names: readonly string[],
  parts: { readonly settings?: Record<string, number>; readonly parameters: readonly [string, number[]][] },
): Promise<ProgramModel> {
  const files = names.map(async (name) => ({ name, sha256: await sha256Of(join(folder, name)) }));
  return programModel.parse({
    kind: 'program',
    files: await Promise.all(files),
    settings: parts.settings ?? {},
    parameters: parts.parameters.map(([name, shape]) => ({ name, shape })),
  });
}

/** Whether this machine's kernel lets anybody have namespaces, asked without the code that builds walls of them. */
export const walls: Walls =
  spawnSync('unshare', ['--user', '--map-root-user', '--mount', '--pid', '--fork', '--mount-proc', 'true'])
    .status === 0
    ? 'kernel'
    : 'none';

/** Where the examples lie. */
export const examples = join(root, 'examples/programs');

/** A Python that has these packages; undefined where none of this machine has. `MURMURATION_PYTHON` names another. */
export function pythonWith(...packages: readonly string[]): string | undefined {
  const candidates = [process.env.MURMURATION_PYTHON, 'python3', '/usr/bin/python3'];
  return candidates.find(
    (python) =>
      python !== undefined &&
      spawnSync(python, ['-c', packages.map((name) => `import ${name}`).join('\n')]).status === 0,
  );
}

/** The perceptron of the compliance suite as parameters of a program, under these names. */
export const perceptron = (inputs: number, hidden: number, classes: number, names: readonly string[]) => ({
  settings: { inputs, hidden, classes },
  parameters: [
    [names[0]!, [inputs, hidden]],
    [names[1]!, [hidden]],
    [names[2]!, [hidden, classes]],
    [names[3]!, [classes]],
  ] as [string, number[]][],
});
