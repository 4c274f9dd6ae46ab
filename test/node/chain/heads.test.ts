// Looks at the latest block: shared by those who ask together, begun anew by who has changed the chain; waits that
// end, each for its own reasons.
import { getEventListeners } from 'node:events';
import type { PublicClient } from 'viem';
import { describe, expect, it } from 'vitest';
import { Heads } from '../../../node/chain/index.ts';

/** A chain whose blocks a test makes, and that answers when the test lets it. */
function chain() {
  let number = 1n;
  let asked = 0;
  let gate: Promise<void> = Promise.resolve();
  const getBlock = async () => {
    asked++;
    const answer = { number, hash: `0x${number}`, parentHash: `0x${number - 1n}` };
    await gate;
    return answer;
  };
  return {
    client: { getBlock } as unknown as Pick<PublicClient, 'getBlock'>,
    mine() {
      number += 1n;
    },
    asked: () => asked,
    /** Holds the answers of what is asked from now on, until it is called. */
    hold() {
      const held = Promise.withResolvers<void>();
      gate = held.promise;
      return () => {
        held.resolve();
        gate = Promise.resolve();
      };
    },
  };
}

const never = new AbortController().signal;
const long = 60_000;

describe('a look', () => {
  it('serves all who ask at the same time, and who ask while it is fresh', async () => {
    const { client, asked, mine } = chain();
    const heads = new Heads(client, { freshFor: long });
    const looks = await Promise.all([heads.look(), heads.look(), heads.look()]);
    mine();
    expect([...looks, await heads.look()].map(({ number }) => number)).toEqual([1n, 1n, 1n, 1n]);
    expect(asked()).toBe(1);
  });

  it('serves nobody after it where it is to be fresh for no time', async () => {
    const { client, asked, mine } = chain();
    const heads = new Heads(client, { freshFor: 0 });
    await heads.look();
    mine();
    expect((await heads.look()).number).toBe(2n);
    expect(asked()).toBe(2);
  });

  it('does not serve who has changed the chain, even if it is still under way', async () => {
    const { client, mine, hold } = chain();
    const heads = new Heads(client, { freshFor: long });
    const release = hold();
    const before = heads.look();
    mine();
    heads.outdate();
    const after = heads.look();
    release();
    expect((await before).number).toBe(1n);
    expect((await after).number).toBe(2n);
    // The older answer has not taken the newer one's place.
    expect((await heads.look()).number).toBe(2n);
  });

  it('that fails is no answer: the next one asks again', async () => {
    const { client, asked } = chain();
    let failing = true;
    const getBlock = () => (failing ? Promise.reject(new Error('429')) : client.getBlock());
    const heads = new Heads({ getBlock } as never, { freshFor: long });
    await expect(heads.look()).rejects.toThrow('429');
    failing = false;
    expect((await heads.look()).number).toBe(1n);
    expect(asked()).toBe(1);
  });
});

describe('a wait for a block', () => {
  it('ends with the block, for all who wait, by few looks', async () => {
    const { client, mine, asked } = chain();
    const heads = new Heads(client, { freshFor: 20 });
    const waits = Array.from({ length: 10 }, () => heads.reaching(2n, { signal: never, atMost: long }));
    await new Promise((end) => setTimeout(end, 200));
    mine();
    await Promise.all(waits);
    expect(asked()).toBeLessThan(10);
  });

  it('ends when an account of this process has made it, however long a look serves', async () => {
    const { client, mine, asked } = chain();
    const heads = new Heads(client, { freshFor: long });
    const waits = Array.from({ length: 10 }, () => heads.reaching(2n, { signal: never, atMost: long }));
    await new Promise((end) => setTimeout(end, 50));
    // A call that was refused makes no block: the wait goes on.
    heads.outdate();
    await new Promise((end) => setTimeout(end, 20));
    mine();
    heads.outdate();
    await Promise.all(waits);
    expect(asked()).toBe(2);
  });

  it('leaves nothing on its signal, under which a role waits for as long as it lives', async () => {
    const { client } = chain();
    const heads = new Heads(client, { freshFor: 20 });
    const { signal } = new AbortController();
    const { length: waiting } = await Promise.all(
      [1n, 2n, 3n].map((number) => heads.reaching(number, { signal, atMost: 30 })),
    );
    expect(waiting).toBe(3);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('ends with its time', async () => {
    const { client } = chain();
    const heads = new Heads(client, { freshFor: 20 });
    await heads.reaching(2n, { signal: never, atMost: 100 });
  });

  it('of a member that stops ends at once, and the others wait on', async () => {
    const { client, mine } = chain();
    const heads = new Heads(client, { freshFor: 20 });
    const stopping = new AbortController();
    const stopped = heads.reaching(2n, { signal: stopping.signal, atMost: long });
    let ended = false;
    const other = heads.reaching(2n, { signal: never, atMost: long }).then(() => {
      ended = true;
    });
    stopping.abort();
    await stopped;
    await new Promise((end) => setTimeout(end, 150));
    expect(ended).toBe(false);
    mine();
    await other;
  });

  it('ends where a look fails: who waits meets the failure by itself', async () => {
    const getBlock = () => Promise.reject(new Error('gone'));
    const heads = new Heads({ getBlock } as never, { freshFor: 20 });
    await heads.reaching(2n, { signal: never, atMost: long });
  });
});
