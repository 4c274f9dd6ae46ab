// How a program is started: which words run it, in which surroundings, on which files.
import { realpath } from 'node:fs/promises';
import { dirname, parse } from 'node:path';
import { NodeError } from '../../errors.ts';
import { packBox } from './box.ts';
import { checkFiles, folderOf, wordsOf } from './installed.ts';
import type { ProgramStart } from './life.ts';
import type { ProgramModel } from './spec.ts';
import { checkWalls, type Place, type Walls, walled } from './walls.ts';

/** How a site runs a program. */
export interface ProgramRun {
  /** The command, as `--exec` has it. */
  readonly exec: string;
  /** Seconds that an order may take. */
  readonly seconds?: number | undefined;
  /** What stands between it and the machine: namespaces of the kernel, unless it is trusted as its user is. */
  readonly walls?: Walls | undefined;
  /** Files and folders that walls cover: accounts, passwords, memory of roles. */
  readonly hidden?: readonly string[] | undefined;
  /** Files and folders that a program behind walls sees besides the system's and its own. */
  readonly shows?: readonly string[] | undefined;
  /** Hears what the program says, line by line, for people. */
  readonly hear: (text: string) => void;
}

type Files = Pick<ProgramModel, 'files'>;

/**
 * Holds all that a start needs against what is here, before anything is staked.
 * @throws NodeError `input` for files that are not the task's, a command that does not name them, and a machine that
 * builds no walls.
 */
export async function checkStart(model: Files, run: ProgramRun): Promise<void> {
  if (run.walls === 'none') {
    run.hear('it runs without walls: with the network, and with all that this user may do and read');
    return checkFiles(folderOf(wordsOf(run.exec), model.files[0]!.name), model);
  }
  const { words, place } = await placeOf(model, run);
  try {
    await checkWalls(words, place);
  } finally {
    await place.box.erase();
  }
}

/** A start of one life, of files that are the task's now. */
export async function prepare(model: Files, run: ProgramRun): Promise<ProgramStart> {
  if (run.walls === 'none') {
    const words = wordsOf(run.exec);
    await checkFiles(folderOf(words, model.files[0]!.name), model);
    return { words, environment: {}, erase: async () => undefined };
  }
  const { words, place } = await placeOf(model, run);
  return { words: walled(words, place), environment: { TMPDIR: '/tmp' }, erase: () => place.box.erase() };
}

async function placeOf(
  model: Files,
  { exec, hidden = [], shows = [] }: ProgramRun,
): Promise<{ words: string[]; place: Place }> {
  const words = wordsOf(exec);
  const named = folderOf(words, model.files[0]!.name);
  const folder = await realpath(named).catch(() => named);
  // A root of the machine's, or what the walls put another folder over, cannot show the program alone.
  if (folder === parse(folder).root || dirname(folder) === parse(folder).root)
    throw new NodeError('input', `the program lies in ${folder}, of which walls would leave nothing else`, {
      mend: 'Put its files into a folder of their own.',
    });
  const box = await packBox(folder, model);
  return { words, place: { box, folder, files: model.files.map(({ name }) => name), hidden, shows } };
}
