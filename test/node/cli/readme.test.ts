// What the README shows works: its description is a task's, its flags are those of the verbs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFlags } from '../../../node/cli/command/read_flags.ts';
import { isGroup } from '../../../node/cli/command/verb.ts';
import { allVerbs } from '../../../node/cli/verbs/index.ts';
import { modelLayout, taskDescription } from '../../../node/learn/index.ts';
import { root } from '../../suites/suite.ts';

const text = readFileSync(join(root, 'node/cli/README.md'), 'utf8');
const block = (language: string): string =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)![1]!;

describe("the command line's README", () => {
  it('shows a description that can be posted', () => {
    const { size } = modelLayout(taskDescription.parse(JSON.parse(block('json'))).model);
    expect(size).toBe(8 * 16 + 16 + 16 * 2 + 2);
  });

  it('shows commands whose verbs and flags exist', () => {
    const lines = block('sh').replaceAll('$shared', '--deployment d --store s').split('\n');
    const commands = lines.flatMap((line) => [...line.matchAll(/murmur ([a-z]+) ([^;#&]*)/g)]);
    expect(commands.length).toBeGreaterThan(12);
    for (const [line, name, rest] of commands) {
      const words = rest!.trim().split(/\s+/);
      const verb = allVerbs[name!]!;
      const of = isGroup(verb) ? verb.actions[words.shift()!] : verb;
      expect(of, line).toBeDefined();
      expect(() => readFlags(`murmur ${name}`, of!.flags, words), line).not.toThrow();
    }
  });
});
