// What a script of the repository is: an action of the command line, which npm runs instead of `murmur`.
import { helpOf } from '../node/cli/command/help.ts';
import { readFlags } from '../node/cli/command/read_flags.ts';
import type { Action } from '../node/cli/command/verb.ts';

/**
 * Shows a script's help, or reads its flags and does its work.
 * @param command how its command line begins: `npm run build --`.
 * @returns the exit code: what the work resolves to where that is a number, else 0.
 */
export async function runScript(command: string, script: Action, args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(helpOf(command, script));
    return 0;
  }
  const code = await script.run(readFlags(command, script.flags, args));
  return typeof code === 'number' ? code : 0;
}
