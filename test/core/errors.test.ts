// The parent of all errors: what it carries, and how its causes are searched.

import { MurmurationError, reasonOf, walkCauses } from '@murmuration/core';
import { describe, expect, it } from 'vitest';

class DiskError extends MurmurationError<'full' | 'gone'> {}

describe('an error of the family', () => {
  const root = new RangeError('no space is left');
  const disk = new DiskError('full', 'the disk is full', { mend: 'Free some space.', cause: root });
  const outer = new MurmurationError('state', 'the state is not written', { cause: disk });

  it('has a code, a message, a mend, a cause and the name of its class', () => {
    expect(disk).toMatchObject({
      code: 'full',
      message: 'the disk is full',
      mend: 'Free some space.',
      name: 'DiskError',
      cause: root,
    });
    expect(disk).toBeInstanceOf(MurmurationError);
    expect(disk).toBeInstanceOf(Error);
  });

  it('has neither mend nor cause where none is given', () => {
    const bare = new DiskError('gone', 'the disk is gone');
    expect(bare.mend).toBeUndefined();
    expect('cause' in bare).toBe(false);
  });

  it('finds the first of its causes that fits, itself included', () => {
    expect(outer.walk((error): error is DiskError => error instanceof DiskError)).toBe(disk);
    expect(outer.walk((error) => error instanceof RangeError)).toBe(root);
    expect(outer.walk(() => true)).toBe(outer);
    expect(outer.walk((error) => error instanceof TypeError)).toBeUndefined();
  });

  it('is searched once where causes go in a circle', () => {
    const [a, b] = [new Error('a'), new Error('b')];
    a.cause = b;
    b.cause = a;
    expect(walkCauses(a, (error) => error.message === 'c')).toBeUndefined();
    expect(walkCauses('no error', () => true)).toBeUndefined();
  });

  it('gives its message as the reason; what is no error gives its text', () => {
    expect(reasonOf(disk)).toBe('the disk is full');
    expect(reasonOf(42)).toBe('42');
  });
});
