// The documented face: everything that the package hands out says what it is.
import { describe, expect, it } from 'vitest';
import { handedOut, undocumented } from '../documented_face.ts';

describe('the face', () => {
  const names = handedOut('circuits/index.ts');

  it('is read by this test', () => expect(names.length).toBeGreaterThan(20));

  it.each(names)('%s is documented, every member of it too', (...name) => {
    expect(undocumented(name)).toEqual([]);
  });
});
