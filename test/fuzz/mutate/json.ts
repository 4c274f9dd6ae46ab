// Changes of JSON that stays JSON: values of another kind, at the edges, far too many or far too deep; members that are
// missing, unknown, named twice, or named as every object's own.
import type { Random } from '../random.ts';
import { joined, type Mutator } from './mutator.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);

/** Values that stand in for any other; as text, since some are no value of JavaScript's. */
const values = [
  'null',
  'true',
  '-0',
  '0',
  '-1',
  '1',
  '0.5',
  '1e308',
  '1e999',
  '-1e999',
  '9007199254740993',
  '4294967296',
  `1${'0'.repeat(400)}`,
  '""',
  '"0x"',
  '"constructor"',
  '"__proto__"',
  '"\\ud800"',
  '"\\u0000"',
  '"-1"',
  '"1e3"',
  '"00"',
  `"${'9'.repeat(1000)}"`,
  `"${'a'.repeat(100_000)}"`,
  '[]',
  '{}',
  '[[]]',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  `[${'0,'.repeat(50_000)}0]`,
];

/** Every place in a value. */
function placesIn(value: Json, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (value === null || typeof value !== 'object') return [path];
  const entries: [string | number, Json][] = Array.isArray(value)
    ? value.map((each, at) => [at, each])
    : Object.entries(value);
  return [path, ...entries.flatMap(([name, each]) => placesIn(each, [...path, name]))];
}

const mark = '\u0001murmuration\u0001';

/** The text of a value with other text at a place. */
function withTextAt(value: Json, path: readonly (string | number)[], put: string): string {
  if (path.length === 0) return put;
  const copy = structuredClone(value);
  const last = path.at(-1)!;
  const holder = path
    .slice(0, -1)
    .reduce<Json>((at, name) => (at as Record<string | number, Json>)[name]!, copy);
  (holder as Record<string | number, Json>)[last] = mark;
  return JSON.stringify(copy).replace(JSON.stringify(mark), () => put);
}

/** Makes a mutator of one that takes the value; an input that is no JSON stays as it is. */
const ofValue =
  (change: (value: Json, random: Random) => string): Mutator =>
  (input, random) => {
    try {
      return bytes(change(JSON.parse(text(input)) as Json, random));
    } catch {
      return input;
    }
  };

const at = (value: Json, path: readonly (string | number)[]): Json =>
  path.reduce<Json>((found, name) => (found as Record<string | number, Json>)[name]!, value);

const setValue = ofValue((value, random) =>
  withTextAt(value, random.pick(placesIn(value)), random.pick(values)),
);
const nudge = ofValue((value, random) => {
  const leaves = placesIn(value).filter((path) => typeof at(value, path) !== 'object');
  const path = random.pick(leaves.length > 0 ? leaves : [[]]);
  const found = at(value, path);
  if (typeof found === 'number')
    return withTextAt(
      value,
      path,
      String(random.pick([-found, found + 1, found - 1, found * 1e6, found / 3])),
    );
  if (typeof found === 'string') {
    const cut = random.below(found.length + 1);
    const other = random.pick([
      found.slice(0, cut),
      `${found}0`,
      found.toUpperCase(),
      ` ${found}`,
      `${found}\u0000`,
    ]);
    return withTextAt(value, path, JSON.stringify(other));
  }
  return withTextAt(value, path, found === true ? 'false' : 'true');
});
const drop = ofValue((value, random) => {
  const copy = structuredClone(value);
  const path = random.pick(placesIn(value));
  if (path.length === 0) return '';
  const holder = at(copy, path.slice(0, -1));
  if (Array.isArray(holder)) holder.splice(path.at(-1) as number, 1);
  else delete (holder as Record<string, Json>)[path.at(-1) as string];
  return JSON.stringify(copy);
});
const add = ofValue((value, random) => {
  const holders = placesIn(value).filter(
    (path) => typeof at(value, path) === 'object' && at(value, path) !== null,
  );
  const path = random.pick(holders.length > 0 ? holders : [[]]);
  const found = JSON.stringify(at(value, path));
  const put = random.pick(values);
  const name = random.pick(['__proto__', 'constructor', 'toString', 'length', 'then', '', 'x']);
  const first = found.startsWith('[') ? put : `${JSON.stringify(name)}:${put}`;
  const rest = found.slice(1);
  return withTextAt(value, path, `${found[0]}${first}${rest.length > 1 ? ',' : ''}${rest}`);
});
const twice = ofValue((value, random) => {
  const names = placesIn(value).filter((path) => typeof path.at(-1) === 'string');
  if (names.length === 0) return JSON.stringify([value, value]);
  const path = random.pick(names);
  const found = JSON.stringify(at(value, path));
  return withTextAt(value, path, `${found},${JSON.stringify(path.at(-1))}:${random.pick(values)}`);
});
const many = ofValue((value, random) => {
  const lists = placesIn(value).filter((path) => Array.isArray(at(value, path)));
  if (lists.length === 0) return JSON.stringify([value]);
  const path = random.pick(lists);
  const list = at(value, path) as Json[];
  const most = Math.min(20_000, Math.ceil(2_000_000 / (JSON.stringify(list).length + 1)));
  return withTextAt(value, path, JSON.stringify(Array(most).fill(list).flat()));
});
const marked: Mutator = (input) => joined(Uint8Array.of(0xef, 0xbb, 0xbf), input);

/** Changes of JSON. */
export const jsonMutators: readonly Mutator[] = [
  setValue,
  setValue,
  setValue,
  nudge,
  nudge,
  drop,
  add,
  twice,
  many,
  marked,
];
