// The examples print what they are there to show.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from './suites/suite.ts';

/** Runs an example as its first line says. */
async function runExample(name: string): Promise<string> {
  const args = [join(root, 'examples', name)];
  return (await promisify(execFile)(process.execPath, args, { cwd: root })).stdout;
}

it('threshold_sum: three of five parties open the sum of all five', async () => {
  const output = await runExample('threshold_sum.ts');

  expect(output).toContain('Eva adds a ciphertext of 92231 bytes\n');
  // Five vectors (at + 1) * (place % 21 - 10), and blindings 0 to 4: fifteen times, and ten.
  expect(output).toContain('Ada, Cem, Eva open the sum\ncoordinates 8 to 12: -30 -15 0 15 30\n');
  expect(output).toContain('first blinding: 10n\n');
});

it('one_proof: the opening and the proof hold, and of another claim they do not', async () => {
  expect(await runExample('one_proof.ts')).toBe(
    [
      'the opening holds: true',
      'the proof holds: true',
      'of a smaller norm: false',
      'of another value: false\n',
    ].join('\n'),
  );
});
