// Prints the help of every command, in one process: what tests/node/cli/help.test.ts looks at the modules of.
import { main } from '../../../node/cli/murmur.ts';
import { commands } from './commands.ts';

for (const { words } of [{ words: [] }, ...commands]) await main([...words, '--help']);
