// A bounded memory: the latest are kept, and what was set again is late again.
import { expect, it } from 'vitest';
import { Recent } from '../../core/index.ts';

it('keeps the latest, and forgets what was set longest ago', () => {
  const recent = new Recent<number>(2);
  recent.set('a', 1);
  recent.set('b', 2);
  recent.set('a', 3);
  recent.set('c', 4);
  expect(['a', 'b', 'c'].map((name) => recent.get(name))).toEqual([3, undefined, 4]);
  expect(['a', 'b', 'c'].map((name) => recent.has(name))).toEqual([true, false, true]);
  recent.delete('a');
  expect(recent.has('a')).toBe(false);
});
