// What the README shows works: its description is a task's, its flags are those of the verbs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Network, startBackend, taskDescription } from '../../../node/learn/index.ts';
import { root } from '../../suites/suite.ts';

const text = readFileSync(join(root, 'node/cli/README.md'), 'utf8');
const block = (language: string): string =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)![1]!;

beforeAll(() => startBackend('wasm'));

describe("the command line's README", () => {
  it('shows a description that can be posted', () => {
    const network = new Network(taskDescription.parse(JSON.parse(block('json'))).model);
    expect(network.size).toBe(8 * 16 + 16 + 16 * 2 + 2);
    network.dispose();
  });

  it('shows commands whose verbs and flags exist', async () => {
    const lines = block('sh').replaceAll('$shared', '--deployment d --store s').split('\n');
    const commands = lines.flatMap((line) => [...line.matchAll(/murmur ([a-z]+) ([^;#&]*)/g)]);
    expect(commands.length).toBeGreaterThan(12);
    for (const [, verb, rest] of commands) {
      const { verb: found } = await import(`../../../node/cli/verbs/${verb}.ts`);
      for (const [flag] of rest!.matchAll(/--[a-z-]+/g))
        expect(found.help, `${verb} ${flag}`).toContain(flag);
    }
  });
});
