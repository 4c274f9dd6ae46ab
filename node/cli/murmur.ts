// The command line: finds verb and action, shows help, reads the flags, does the work.
import { NodeError } from '../errors.ts';
import { helpOf, table } from './command/help.ts';
import { checkOutputs } from './command/outputs.ts';
import { readFlags } from './command/read_flags.ts';
import { type Action, type Group, isGroup, type Verb } from './command/verb.ts';
import { version } from './command/version.ts';
import { useProxy } from './output/proxy.ts';
import { exitCodes } from './output/run.ts';
import { allVerbs, verbGroups } from './verbs/index.ts';

/**
 * Runs `murmur <args>`; resolves to the exit code.
 * @throws NodeError `usage` where no such command exists.
 */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || (name === 'help' && rest.length === 0)) {
    console.log(overview());
    return name === undefined ? exitCodes.usage : exitCodes.done;
  }
  if (name === '--version') {
    console.log(version());
    return exitCodes.done;
  }
  if (name === 'help') return main([...rest, '--help']);
  const verb = find(allVerbs, name, `unknown verb ${JSON.stringify(name)}`, 'See `murmur --help`.');
  return isGroup(verb) ? runGroup(`murmur ${name}`, verb, rest) : runAction(`murmur ${name}`, verb, rest);
}

function runGroup(name: string, verb: Group, args: readonly string[]) {
  const [word, ...rest] = args;
  const mend = `See \`${name} --help\`.`;
  const isNamed = word !== undefined && !word.startsWith('-');
  if ((word !== undefined && asksForHelp([word])) || (!isNamed && verb.itself && asksForHelp(args)))
    return showHelp(name, verb);
  if (!isNamed && verb.itself) return runAction(name, verb.itself, args);
  const names = Object.keys(verb.actions).join(', ');
  if (word === undefined || word.startsWith('-'))
    throw new NodeError('usage', `\`${name}\` needs an action: ${names}`, { mend });
  const fault = `unknown action ${JSON.stringify(word)} of \`${name}\`; there are ${names}`;
  return runAction(`${name} ${word}`, find(verb.actions, word, fault, mend), rest);
}

async function runAction(command: string, action: Action, args: readonly string[]): Promise<number> {
  if (asksForHelp(args)) return showHelp(command, action);
  const settings = readFlags(command, action.flags, args);
  checkOutputs(action.flags, settings);
  useProxy(process.env);
  await action.run(settings);
  return exitCodes.done;
}

function showHelp(command: string, of: Verb): number {
  console.log(helpOf(command, of));
  return exitCodes.done;
}

const asksForHelp = (args: readonly string[]): boolean => args.includes('--help') || args.includes('-h');

function find<T>(all: Readonly<Record<string, T>>, name: string, fault: string, mend: string): T {
  if (Object.hasOwn(all, name)) return all[name]!;
  throw new NodeError('usage', fault, { mend });
}

/** All verbs, on one screen. */
function overview(): string {
  const column = Math.max(...Object.keys(allVerbs).map((name) => name.length));
  const groups = Object.entries(verbGroups).map(([title, verbs], at) => {
    const rows = Object.entries(verbs).map(([name, { summary }]) => [name, summary] as const);
    return at === 0 ? table(rows, column) : `${title}\n${table(rows, column)}`;
  });
  const usage = 'murmur <verb> [action] [flags] [--help]; exit code 1: a fault, 2: wrong words';
  // One screen of 24 lines holds all verbs and one heading: those of this machine stand right under the usage.
  return `${usage}\n${groups.join('\n')}`;
}
