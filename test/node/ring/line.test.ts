// The ring over bad lines on loopback: delay, connections that break again and again, a peer that cannot be
// reached.
import { afterEach, describe, expect, it } from 'vitest';
import { introduce } from '../peer/fixture.ts';
import { openAll, quick, ringOf, type Setting, shape } from './fixture.ts';
import { type BadLine, type Line, openProxy } from './proxy.ts';

const proxies: BadLine[] = [];
let setting: Setting;

afterEach(async () => {
  await setting.stop();
  await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
});

/** Puts every member behind a line of its own: all others know it at its proxy's address only. */
async function behind(count: number, line: (member: number) => Line, form = shape): Promise<void> {
  setting = await ringOf(count, form);
  for (const [i, member] of setting.members.entries()) {
    const port = Number(/tcp\/(\d+)/.exec(member.peer.addresses()[0]!)![1]);
    const proxy = await openProxy(port, line(i));
    proxies.push(proxy);
    await introduce(member, setting.members, [`/ip4/127.0.0.1/tcp/${proxy.port}`]);
  }
}

describe('the ring over a bad line', () => {
  it('of 30 ms each way, uneven between members, gives the sum in the ring', async () => {
    await behind(4, (i) => ({ delay: 10 + 10 * i }));
    for (const { result } of openAll(setting))
      expect(await result).toMatchObject({ how: 'ring', sum: setting.sum });
  });

  it('whose connections all break within a few hops gives the sum', async () => {
    // Three hops of this size fit through a connection, at most.
    const form = { ...shape, coefficients: 2048 };
    let made = 0;
    await behind(3, () => ({ cutAfter: () => 20_000 + 30_000 * (made++ % 3) }), form);
    const sessions = openAll(setting, setting.members, quick);
    for (const { result } of sessions) expect((await result).sum).toEqual(setting.sum);
    expect(proxies.reduce((total, proxy) => total + proxy.cuts(), 0)).toBeGreaterThan(0);
  });

  it('that takes connections and lets nothing through goes around without the one behind it', async () => {
    await behind(4, (i) => (i === 2 ? { cutAfter: () => 0 } : {}));
    const sessions = openAll(setting, setting.members, quick);
    for (const { result } of sessions) expect((await result).sum).toEqual(setting.sum);
  });
});
