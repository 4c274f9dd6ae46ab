// The documented face: everything that the package hands out says what it is, and the examples run and print
// what they say.
import { describe, expect, it } from 'vitest';
import { examplesOf, handedOut, runExample, typeErrors, undocumented } from '../documented_face.ts';

const examples = examplesOf('he');

describe('the examples', () => {
  it('are one a group', () => {
    const files = examples.map(({ name }) => name.replace(/ .*/, ''));
    expect(files).toEqual([
      'he/face/decryption.ts',
      'he/face/encryption.ts',
      'he/face/key_generation.ts',
      'he/face/self_test.ts',
      'he/face/sums.ts',
      'he/leak.ts',
      'he/parameters.ts',
    ]);
  });

  it.each(examples)('$name prints what it says', ({ code, printed }) => {
    expect(printed).not.toBe('');
    const { stdout, stderr } = runExample(code);
    expect(stdout, stderr).toBe(printed);
  });

  it('type-check in the strictest mode', () => {
    expect(typeErrors(examples)).toBe('');
  });
});

describe('the face', () => {
  const names = handedOut('he/index.ts');

  it('is read by this test', () => expect(names.length).toBeGreaterThan(40));

  it.each(names)('%s is documented, every member of it too', (...name) => {
    expect(undocumented(name)).toEqual([]);
  });
});
