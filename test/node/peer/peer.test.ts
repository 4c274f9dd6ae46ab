// The peer on real sockets: registered accounts reach each other, strangers and gluttons do not.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { NodeError } from '../../../node/errors.ts';
import { federation, introduce, loner, type Member, stopAll } from './fixture.ts';

const echo = '/murmuration/test/echo/1';
const members: Member[] = [];

async function pair(limits: Parameters<typeof federation>[1] = {}): Promise<[Member, Member]> {
  const made = await federation(2, limits);
  members.push(...made);
  return [made[0]!, made[1]!];
}

afterEach(async () => {
  await stopAll(members.splice(0));
});

describe('a request between registered accounts', () => {
  it('is answered, and the account that asks is known', async () => {
    const [a, b] = await pair();
    b.peer.serve(echo, {
      maxRequest: 1 << 20,
      handler: async (bytes, from) => Buffer.concat([bytes, Buffer.from(from)]),
    });
    for (const size of [0, 1, 65_532, 65_537, 1 << 20]) {
      const bytes = randomBytes(size);
      const reply = await a.peer.request(b.account.address, {
        protocol: echo,
        message: bytes,
        maxReply: 1 << 21,
      });
      expect(Buffer.from(reply)).toEqual(Buffer.concat([bytes, Buffer.from(a.account.address)]));
    }
  });

  it('is refused one byte above the limit, by the one that would hold it', async () => {
    const [a, b] = await pair();
    let seen = 0;
    b.peer.serve(echo, {
      maxRequest: 100,
      handler: async (bytes) => {
        seen += 1;
        return bytes;
      },
    });
    await expect(
      a.peer.request(b.account.address, { protocol: echo, message: randomBytes(101), maxReply: 200 }),
    ).rejects.toThrow();
    expect(seen).toBe(0);
    await expect(
      a.peer.request(b.account.address, { protocol: echo, message: randomBytes(100), maxReply: 99 }),
    ).rejects.toThrow('message of 100 bytes');
    expect(seen).toBe(1);
  });

  it('fails when nobody serves the protocol, the handler throws, or the caller gives up', async () => {
    const [a, b] = await pair();
    const ask = (signal?: AbortSignal) =>
      a.peer.request(b.account.address, {
        protocol: echo,
        message: randomBytes(3),
        maxReply: 10,
        ...(signal && { signal }),
      });
    await expect(ask()).rejects.toThrow();
    const end = b.peer.serve(echo, {
      maxRequest: 10,
      handler: () => Promise.reject(new Error('secret reason')),
    });
    await expect(ask()).rejects.not.toThrow('secret reason');
    end();
    b.peer.serve(echo, { maxRequest: 10, handler: () => new Promise(() => {}) });
    await expect(ask(AbortSignal.timeout(50))).rejects.toThrow();
  });

  it('that fails says whom it was for and what may be expected', async () => {
    const [a, b] = await pair();
    const to = b.account.address;
    const asked = { protocol: echo, message: randomBytes(3), maxReply: 10 };
    const failing = async (act: Promise<unknown>) => {
      const error = await act.then(
        () => undefined,
        (caught: unknown) => caught,
      );
      expect(error).toBeInstanceOf(NodeError);
      const { code, prospect, message } = error as NodeError;
      expect(message).not.toContain('[object');
      return `${code} ${prospect}: ${message.slice(0, message.indexOf(':'))}`;
    };
    b.peer.serve(echo, { maxRequest: 10, handler: () => Promise.reject(new Error('x')) });
    expect(await failing(a.peer.request(to, asked))).toBe(`peer passing: ${to} does not answer`);
    expect(await failing(a.peer.ask(b.peer.id, asked))).toBe(`peer passing: ${b.peer.id} does not answer`);
    // Another version of the program may not know the protocol; this one may be told of it later.
    const other = { ...asked, protocol: `${echo}/2` };
    expect(await failing(a.peer.request(to, other))).toBe(`peer unknown: ${to} does not answer`);
    const own = new Error('the caller has had enough');
    b.peer.serve(`${echo}/3`, { maxRequest: 10, handler: () => new Promise(() => {}) });
    const given = { ...asked, protocol: `${echo}/3`, signal: AbortSignal.abort(own) };
    await expect(a.peer.request(to, given)).rejects.toBe(own);
    const [address] = b.peer.addresses();
    const gone = new Promise((resolve) => a.peer.onDisconnect(resolve));
    await b.peer.stop();
    await gone;
    expect(await failing(a.peer.request(to, asked))).toBe(`peer passing: ${to} is not reached`);
    expect(await failing(a.peer.reach(to))).toBe(`peer passing: ${to} is not reached`);
    expect(await failing(a.peer.connect(address!))).toBe(`peer passing: ${address} is not reached`);
    expect(await failing(a.peer.ask(b.peer.id, asked))).toMatch(/^peer passing: .*/);
    // Who is behind an address is another one than it says: no waiting mends that.
    const third = await loner();
    members.push(third);
    const wrong = `${third.peer.addresses()[0]!.split('/p2p/')[0]}/p2p/${b.peer.id}`;
    expect(await failing(a.peer.connect(wrong))).toBe(`peer final: ${wrong} is not reached`);
    const waiting = a.peer.request(to, asked);
    void a.peer.stop();
    await expect(waiting).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('that nobody answers in time says so', async () => {
    const [a, b] = await pair({ transferTimeout: 300 });
    b.peer.serve(echo, { maxRequest: 10, handler: () => new Promise(() => {}) });
    const asked = a.peer.request(b.account.address, {
      protocol: echo,
      message: randomBytes(3),
      maxReply: 10,
    });
    await expect(asked).rejects.toMatchObject({
      code: 'peer',
      prospect: 'passing',
      message: expect.stringMatching(/^0x\w{40} (does not answer|is not reached): no answer in time$/),
    });
  });

  it('has its rate limited, account by account', async () => {
    const [a, b] = await pair({ requestsPerSecond: 1, requestBurst: 5 });
    b.peer.serve(echo, { maxRequest: 10, handler: async (bytes) => bytes });
    const ask = () =>
      a.peer.request(b.account.address, { protocol: echo, message: randomBytes(3), maxReply: 10 });
    for (let i = 0; i < 5; i++) await ask();
    // While they went, shares came back, one a second: of many at once, no more than those are answered.
    const more = await Promise.allSettled(Array.from({ length: 50 }, ask));
    expect(more.some(({ status }) => status === 'rejected')).toBe(true);
  });
});

describe('a member that wants too much', () => {
  it('holds no more requests open at once than its share, over all its connections', async () => {
    const [a, b] = await pair({ requestsAtOnce: 3 });
    // They are connected before it counts: connections that are made at the same time take each other's place.
    const hello = `${echo}/hello`;
    b.peer.serve(hello, { maxRequest: 10, handler: async (bytes) => bytes });
    await a.peer.request(b.account.address, { protocol: hello, message: randomBytes(3), maxReply: 10 });
    let open = 0;
    const release = Promise.withResolvers<void>();
    b.peer.serve(echo, {
      maxRequest: 10,
      handler: async (bytes) => {
        open += 1;
        await release.promise;
        return bytes;
      },
    });
    const asked = Array.from({ length: 10 }, () =>
      a.peer.request(b.account.address, { protocol: echo, message: randomBytes(3), maxReply: 10 }),
    );
    let refused = 0;
    await new Promise<void>((resolve) => {
      for (const each of asked) each.catch(() => ++refused === 7 && resolve());
    });
    release.resolve();
    const all = await Promise.allSettled(asked);
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(open).toBe(3);
    // Its share is its own again afterwards.
    await a.peer.request(b.account.address, { protocol: echo, message: randomBytes(3), maxReply: 10 });
  });
});

describe('a stranger', () => {
  it('cannot connect, though it knows the address', async () => {
    const [a, b] = await pair();
    let seen = 0;
    b.peer.serve(echo, {
      maxRequest: 10,
      handler: async (bytes) => {
        seen += 1;
        return bytes;
      },
    });
    const stranger = await loner();
    members.push(stranger);
    await introduce(b, [stranger]);
    const ask = (who: Member) =>
      who.peer.request(b.account.address, { protocol: echo, message: randomBytes(3), maxReply: 10 });
    await expect(ask(stranger)).rejects.toThrow();
    expect(seen).toBe(0);
    // The same peer is let in once it is registered: what refused it was the registration, nothing else.
    await introduce(stranger, [b]);
    expect((await ask(stranger)).length).toBe(3);
    expect((await ask(a)).length).toBe(3);
    expect(seen).toBe(2);
  });

  it('that was a member loses its streams on connections already open', async () => {
    const [a, b] = await pair();
    b.peer.serve(echo, { maxRequest: 10, handler: async (bytes) => bytes });
    const ask = () =>
      a.peer.request(b.account.address, { protocol: echo, message: randomBytes(3), maxReply: 10 });
    await ask();
    b.book.remove(a.account.address);
    await expect(ask()).rejects.toThrow();
  });

  it('is not reached at the address of a member: the peer id is proven, not the address', async () => {
    const [a, b] = await pair();
    const other = await loner();
    members.push(other);
    a.book.remove(b.account.address);
    await introduce(
      b,
      [a],
      other.peer.addresses().map((address) => address.split('/p2p/')[0]!),
    );
    await expect(
      a.peer.request(b.account.address, { protocol: echo, message: randomBytes(3), maxReply: 10 }),
    ).rejects.toThrow();
  });
});

describe('a peer', () => {
  it('starts again after it stopped, in the same process', async () => {
    const [a, b] = await pair();
    b.peer.serve(echo, { maxRequest: 10, handler: async (bytes) => bytes });
    const ask = () =>
      a.peer.request(b.account.address, { protocol: echo, message: randomBytes(3), maxReply: 10 });
    await ask();
    await b.peer.stop();
    await b.peer.stop();
    await expect(ask()).rejects.toThrow();
    await b.peer.start();
    await introduce(b, [a]);
    expect((await ask()).length).toBe(3);
  });

  it('says when the connection to an account is gone', async () => {
    const [a, b] = await pair();
    b.peer.serve(echo, { maxRequest: 10, handler: async (bytes) => bytes });
    await a.peer.request(b.account.address, { protocol: echo, message: randomBytes(3), maxReply: 10 });
    const gone = new Promise((resolve) => a.peer.onDisconnect(resolve));
    await b.peer.stop();
    expect(await gone).toBe(b.account.address);
  });

  it('leaves no handle behind: a process that stops its peers ends by itself', async () => {
    const program = `
      const { federation, stopAll } = await import('${import.meta.dirname}/fixture.ts');
      const members = await federation(3);
      members[1].peer.serve('${echo}', { maxRequest: 10, handler: async (bytes) => bytes });
      await members[0].peer.request(members[1].account.address, { protocol: '${echo}', message: new Uint8Array(3), maxReply: 10 });
      await stopAll(members);
      console.log('stopped');`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    expect(stdout).toContain('stopped');
  });
});
