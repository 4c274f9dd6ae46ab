// What was opened is closed: the last first, all of it, once, and also when a set-up fails half-way.
import { describe, expect, it } from 'vitest';
import { createClosers, withClosers } from '../../../node/local/closers.ts';

describe('closers', () => {
  it('close the last first, and once', async () => {
    const closed: string[] = [];
    const closers = createClosers();
    closers.add(() => closed.push('chain'));
    closers.add(async () => closed.push('store'));
    await closers.close();
    await closers.close();
    expect(closed).toEqual(['store', 'chain']);
  });

  it('close the others where one fails, and reject with its reason', async () => {
    const closed: string[] = [];
    const closers = createClosers();
    closers.add(() => closed.push('chain'));
    closers.add(() => Promise.reject(new Error('the store is busy')));
    await expect(closers.close()).rejects.toThrow('the store is busy');
    expect(closed).toEqual(['chain']);
  });
});

describe('a set-up that fails half-way', () => {
  it('closes what it had opened, and tells its own failure', async () => {
    const closed: string[] = [];
    const set = withClosers(async (closers) => {
      closers.add(() => closed.push('chain'));
      closers.add(() => Promise.reject(new Error('cannot be closed')));
      throw new Error('the port is taken');
    });
    await expect(set).rejects.toThrow('the port is taken');
    expect(closed).toEqual(['chain']);
  });

  it('that succeeds leaves all open', async () => {
    const closed: string[] = [];
    const made = await withClosers(async (closers) => {
      closers.add(() => closed.push('chain'));
      return 7;
    });
    expect(made).toBe(7);
    expect(closed).toEqual([]);
  });
});
