// Everything that reads bytes from elsewhere, with inputs that are wrong in all the ways that the mutators know: it
// neither crashes, hangs nor grows, and refuses them by an error of its family that names the input.
import { describe, expect, it } from 'vitest';
import { inputOf } from './input.ts';
import { byteMutators } from './mutate/bytes.ts';
import { jsonMutators } from './mutate/json.ts';
import { Random } from './random.ts';
import { wrongRefusal } from './target.ts';
import { targets } from './targets.ts';
import { fuzz } from './watch.ts';

/** `MURMURATION_FUZZ_SEED` sets another; a nightly run does. */
const seed = process.env.MURMURATION_FUZZ_SEED ?? '1';

describe(`fuzzing with seed ${seed}`, () => {
  it.each(targets)('$name: $inputs inputs', async ({ name, inputs }) => {
    const { findings, tally } = await fuzz({ target: name, seed, numbers: [0, inputs], until: null });
    const again = findings.map(
      ({ number, what }) => `--seed ${seed} --target ${name} --input ${number}: ${what}`,
    );
    expect(again).toEqual([]);
    expect(tally!.read).toBeGreaterThanOrEqual(inputs);
    // A target that takes everything, or refuses its own corpus, tests nothing.
    const refused = Object.values(tally!.refused).reduce((sum, count) => sum + count, 0);
    expect(refused).toBeGreaterThan(inputs / 4);
  });
});

describe('the harness', () => {
  const prepared = {
    corpus: [new TextEncoder().encode('{"a":[1,2],"b":"x"}')],
    mutators: jsonMutators,
    read: () => undefined,
    codes: ['wire'],
    names: /it/,
  };

  it('gives the same input for a seed, a target and a number, and others for others', () => {
    const name = { seed: '1', target: 't' };
    for (let number = 0; number < 50; number++)
      expect(inputOf(name, prepared, number)).toEqual(inputOf(name, prepared, number));
    const many = Array.from({ length: 50 }, (_, number) =>
      Buffer.from(inputOf(name, prepared, number)).toString(),
    );
    expect(new Set(many).size).toBeGreaterThan(25);
    expect(inputOf({ ...name, seed: '2' }, prepared, 0)).not.toEqual(inputOf(name, prepared, 0));
  });

  it('changes inputs of every length, the empty one too', () => {
    for (const mutate of [...byteMutators, ...jsonMutators])
      for (const input of [new Uint8Array(), Uint8Array.of(1), prepared.corpus[0]!])
        for (let seed = 0; seed < 20; seed++)
          expect(mutate(input, new Random(`${seed}`), input)).toBeInstanceOf(Uint8Array);
  });

  it('finds an error of no family, another code, and a message without the input’s name', async () => {
    const { NodeError } = await import('../../node/errors.ts');
    expect(wrongRefusal(prepared, new TypeError('x'))).toContain('no family');
    expect(wrongRefusal(prepared, new NodeError('input', 'it'))).toContain('code input');
    expect(wrongRefusal(prepared, new NodeError('wire', 'something'))).toContain('without its name');
    expect(wrongRefusal(prepared, new NodeError('wire', 'it is none'))).toBeUndefined();
  });

  // What hangs takes a processor for as long as it is waited for.
  it.each([
    ['crashes', /crashes the thread: Error: thrown by nobody/, 20_000],
    ['throws late', /crashes the thread: Error: thrown when all was read/, 20_000],
    ['leaves a timer', /hangs/, 5000],
    ['hangs', /hangs/, 5000],
    ['grows', /held after it/, 20_000],
    ['pollutes', /prototype of all objects/, 20_000],
    ['takes nothing', /of 1 right inputs 0 are taken/, 20_000],
  ])('finds a target that %s, and at which input', async (target, what, patience) => {
    const order = { table: new URL('./faulty.ts', import.meta.url).href, target, seed: '1' };
    const { findings } = await fuzz({ ...order, numbers: [0, 10], until: null }, { most: 1, patience });
    expect(findings).toMatchObject([{ target, what: expect.stringMatching(what) }]);
    expect(Number.isInteger(findings[0]!.number)).toBe(true);
  });
});
