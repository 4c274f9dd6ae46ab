// The documented face: everything that the package hands out says what it is, and the README's example runs
// as printed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { handedOut, runExample, undocumented } from '../documented_face.ts';
import { root } from '../suites/suite.ts';

describe('the face', () => {
  const names = handedOut('circuits/index.ts');

  it('is read by this test', () => expect(names.length).toBeGreaterThan(20));

  it.each(names)('%s is documented, every member of it too', (...name) => {
    expect(undocumented(name)).toEqual([]);
  });
});

it('the README’s example prints what it says', () => {
  const readme = readFileSync(join(root, 'circuits/README.md'), 'utf8');
  const code = /```ts\n([\s\S]*?)```/.exec(readme)![1]!;
  const { stdout, stderr } = runExample(code);
  expect(stdout, stderr).toBe(`${/\/\/ (.*)\n/.exec(code)![1]}\n`);
});
