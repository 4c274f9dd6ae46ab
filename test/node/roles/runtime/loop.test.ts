// The loop of a role whose steps fail: told once, tried again with patience, and not for ever where nothing can come
// of it.
import { describe, expect, it } from 'vitest';
import { ChainAway } from '../../../../node/chain/index.ts';
import { NodeError } from '../../../../node/errors.ts';
import { loop, type Outage, outageOf } from '../../../../node/roles/runtime/loop.ts';
import { StoreError } from '../../../../node/store/index.ts';

const away = () => new ChainAway([{ name: 'http://node', reason: 'HTTP 503', overtaxed: false }]);
const silent = (block: string) => new StoreError('unreachable', `block ${block}: no answer`);
const missing = new StoreError('missing', 'block 0x3: not here');
const full = new NodeError('state', 'no space left', { prospect: 'passing' });

/** Runs a loop whose steps do these things, one after the other, until it has done them all. */
async function run(steps: readonly (Error | undefined)[], interval = 1) {
  const told: unknown[] = [];
  const back: Outage[] = [];
  const final: unknown[] = [];
  const times: number[] = [];
  const done = Promise.withResolvers<void>();
  const working = loop(
    async () => {
      times.push(performance.now());
      const step = steps[times.length - 1];
      if (times.length >= steps.length) done.resolve();
      if (step) throw step;
    },
    {
      interval,
      onError: (error) => told.push(error),
      onBack: (outage) => back.push(outage),
      onFinal(error) {
        final.push(error);
        done.resolve();
      },
    },
  );
  await working.start();
  await done.promise;
  await working.stop();
  return { told, back, final, times };
}

describe('a loop', () => {
  it('tells what keeps failing once, and again when something else does, or the same after it had worked', async () => {
    const [a, b] = [new NodeError('chain', 'a'), new NodeError('chain', 'b')];
    const { told } = await run([a, a, a, b, b, undefined, b, undefined]);
    expect(told).toEqual([a, b, b]);
  });

  it('says that the chain is back, and nothing of the kind after an error that does not pass', async () => {
    const gone = away();
    const { back } = await run([gone, gone, undefined, new NodeError('chain', 'a'), undefined, undefined]);
    expect(back).toEqual(['chain']);
  });

  it('tells once that its store is away, whichever block it misses, and once that it is back', async () => {
    const wrapped = new Error('a ring', { cause: silent('0x2') });
    const { told, back } = await run([silent('0x1'), silent('0x2'), wrapped, missing, undefined, undefined]);
    expect(told.filter((error) => error !== missing)).toHaveLength(1);
    expect(back).toEqual(['content store']);
  });

  it('does not say that the store is back where something else is away now', async () => {
    const { told, back } = await run([silent('0x1'), full, full]);
    expect(told).toHaveLength(2);
    expect(back).toEqual([]);
    expect((await run([silent('0x1'), full, undefined, undefined])).back).toEqual([
      'content store',
      'state folder',
    ]);
  });

  it('tells that the chain is silent while the step still waits, once, and when it is back', async () => {
    const events: string[] = [];
    const answered = Promise.withResolvers<void>();
    const done = Promise.withResolvers<void>();
    let tell: ((error: unknown) => void) | undefined;
    let steps = 0;
    const working = loop(
      async () => {
        steps += 1;
        if (steps > 2) return done.resolve();
        tell?.(away());
        tell?.(away());
        await answered.promise;
        // The last try of the question has come to nothing, too.
        if (steps === 1) throw away();
      },
      {
        interval: 1,
        silence(listener) {
          tell = listener;
          return () => {
            tell = undefined;
          };
        },
        onError() {
          events.push(`away in step ${steps}`);
          answered.resolve();
        },
        onBack: (outage) => events.push(`${outage} is back after step ${steps}`),
      },
    );
    await working.start();
    await done.promise;
    await working.stop();
    expect(events).toEqual(['away in step 1', 'chain is back after step 2']);
    // Between two steps nobody listens.
    expect(tell).toBeUndefined();
  });

  it('gives a chain that is away more and more time', async () => {
    const { times } = await run([away(), away(), away(), away(), away()], 10);
    const pauses = times.slice(1).map((time, index) => time - times[index]!);
    for (const [index, least] of [20, 40, 80, 160].entries())
      expect(pauses[index]).toBeGreaterThan(least - 2);
  });

  it('tries what fails for one reason less and less often, and at once after news', async () => {
    const { times } = await run(
      Array.from({ length: 5 }, () => missing),
      10,
    );
    const pauses = times.slice(1).map((time, index) => time - times[index]!);
    for (const [index, least] of [10, 20, 40, 80].entries()) expect(pauses[index]).toBeGreaterThan(least - 2);

    const news: (() => void)[] = [];
    let steps = 0;
    const working = loop(
      async () => {
        steps += 1;
        throw missing;
      },
      {
        interval: 600_000,
        rest: (signal) =>
          new Promise((resolve) => {
            news.push(resolve);
            signal.addEventListener('abort', () => resolve());
          }),
        onError() {},
      },
    );
    await working.start();
    for (const step of [1, 2, 3]) {
      await expect.poll(() => [steps, news.length]).toEqual([step, step]);
      news.at(-1)!();
    }
    await working.stop();
  });

  it('ends with what is final, however it is wrapped, and takes no further step', async () => {
    const gone = new NodeError('chain', 'gone', { prospect: 'final' });
    const wrapped = new Error('a view failed', { cause: gone });
    const { told, final, times } = await run([undefined, wrapped, undefined]);
    expect(final).toEqual([wrapped]);
    expect(told).toEqual([]);
    expect(times).toHaveLength(2);
  });

  it('ends with a state folder that is gone, and with nothing that another member has sent', async () => {
    const gone = new NodeError('state', 'the folder is gone', { prospect: 'final' });
    expect((await run([gone, undefined])).final).toEqual([gone]);
    // Final it is, but of one content: a member could end all others with a key share that is too large.
    const oversized = new StoreError('oversized', 'block 0x1 has 9 bytes');
    const { final, told, times } = await run([
      oversized,
      new Error('keying', { cause: oversized }),
      undefined,
    ]);
    expect(final).toEqual([]);
    expect(told).toHaveLength(2);
    expect(times).toHaveLength(3);
  });
});

describe('an outage', () => {
  it('is of the chain, the store or the disk where it may pass, and of nothing else', () => {
    for (const [error, outage] of [
      [away(), 'chain'],
      [silent('0x1'), 'content store'],
      [missing, undefined],
      [full, 'state folder'],
      [new NodeError('state', 'of another release', { prospect: 'final' }), undefined],
      [new NodeError('chain', 'not mined yet', { prospect: 'passing' }), undefined],
      [Object.assign(new Error('as if'), { code: 'state', prospect: 'passing' }), undefined],
    ] as const) {
      expect(outageOf(error)).toBe(outage);
      expect(outageOf(new Error('a step failed', { cause: error }))).toBe(outage);
    }
  });
});
