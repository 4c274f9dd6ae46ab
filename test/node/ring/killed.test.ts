// Members as processes on loopback: one is killed (kill -9) or frozen at each stage of a ring, and the others
// have the sum.
import { afterEach, describe, expect, it } from 'vitest';
import { begin, end, type Process, startMember } from './processes.ts';

const members: Process[] = [];

async function start(count: number): Promise<Process[]> {
  members.push(...(await Promise.all(Array.from({ length: count }, () => startMember()))));
  return [...members];
}

afterEach(() => end(members.splice(0)));

async function survivorsHave(digest: string, survivors: readonly Process[], gone: Process) {
  const results = await Promise.all(survivors.map(({ result }) => result));
  expect(results.map((result) => result.digest)).toEqual(survivors.map(() => digest));
  // A member whose sum was whole before the others noticed need not have.
  expect(results.flatMap(({ absent }) => absent)).toContain(gone.registration.account);
}

describe('a ring of four processes', () => {
  it.each([
    ['before its first hop', 0],
    ['while the sums are scattered', 1],
    ['while the sums are gathered', 4],
  ])('survives a kill -9 of one %s', async (_, stopAt) => {
    const all = await start(4);
    const digest = begin(all, { 2: stopAt });
    await all[2]!.hop(stopAt);
    all[2]!.child.kill('SIGKILL');
    await survivorsHave(digest, [all[0]!, all[1]!, all[3]!], all[2]!);
  });

  it('survives one that freezes, its sockets open', async () => {
    const all = await start(4);
    const digest = begin(all, { 1: 2 });
    await all[1]!.hop(2);
    all[1]!.child.kill('SIGSTOP');
    await survivorsHave(digest, [all[0]!, all[2]!, all[3]!], all[1]!);
  });

  it('ends with one alone when all others are killed', async () => {
    const all = await start(3);
    const digest = begin(all, { 1: 1, 2: 1 });
    await Promise.all([all[1]!.hop(1), all[2]!.hop(1)]);
    all[1]!.child.kill('SIGKILL');
    all[2]!.child.kill('SIGKILL');
    expect(await all[0]!.result).toMatchObject({ how: 'alone', digest });
  });
});
