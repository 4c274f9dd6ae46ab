// The ring on loopback sockets: every member gets the exact weighted sum, also when members are late, absent
// or leave.

import { getAddress, keccak256 } from 'viem';
import { afterEach, describe, expect, it } from 'vitest';
import { AddendError, planDigest, type RingEvent, ringOrder } from '../../../node/ring/index.ts';
import { addendsOf } from '../../../node/ring/plan.ts';
import { decodeReply, decodeRequest } from '../../../node/ring/wire.ts';
import { introduce, loner } from '../peer/fixture.ts';
import { openAll, planOf, quick, type RingMember, ringOf, type Setting, trueSum } from './fixture.ts';

const settings: Setting[] = [];

async function ring(count: number): Promise<Setting> {
  const setting = await ringOf(count);
  settings.push(setting);
  return setting;
}

afterEach(async () => {
  for (const setting of settings.splice(0)) await setting.stop();
});

/** Resolves when a hop that this member sends has been accepted. */
function accepted({ peer }: RingMember): Promise<void> {
  const { request } = peer;
  return new Promise((resolve) => {
    peer.request = async (to, asked) => {
      const reply = await request(to, asked);
      if (decodeRequest(asked.message).kind === 'hop' && decodeReply(reply).answer === 'accepted') resolve();
      return reply;
    };
  });
}

describe('a ring', () => {
  it.each([2, 3, 5, 8])('of %i gives everybody the weighted sum', async (count) => {
    const setting = await ring(count);
    const sessions = openAll(setting);
    for (const { result } of sessions) {
      const { sum, how, absent } = await result;
      expect(sum).toEqual(setting.sum);
      expect({ how, absent }).toEqual({ how: 'ring', absent: [] });
    }
  });

  it('sends each member 2 (n - 1) / n of a vector, wherever it sits', async () => {
    const setting = await ring(4);
    const results = await Promise.all(openAll(setting).map(({ result }) => result));
    const vector = 4 * 256 * 6;
    for (const { bytesSent } of results) {
      expect(bytesSent).toBeGreaterThan(vector * 1.5);
      // What is more are headers and signatures: 6 hops of 45 bytes and 97 bytes for each link.
      expect(bytesSent - vector * 1.5).toBeLessThan(6 * 45 + (1 + 2 + 3 + 4 + 5 + 6) * 97 + 1);
    }
  });

  it('waits for a member that opens it late', async () => {
    const setting = await ring(3);
    const [first, ...others] = setting.members;
    const early = openAll(setting, others, quick);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    const sessions = [...early, ...openAll(setting, [first!], quick)];
    for (const { result } of sessions) expect((await result).sum).toEqual(setting.sum);
  });

  it('adds the ciphertext of a member that never comes', async () => {
    const setting = await ring(4);
    const sessions = openAll(setting, setting.members.slice(0, 3), { ...quick, join: 500 });
    for (const { result } of sessions) expect((await result).sum).toEqual(setting.sum);
  });

  it('adds addends whose authors were never in it, and runs where a member has none', async () => {
    const setting = await ring(3);
    const { plan } = setting;
    const stranger = getAddress(keccak256('0x12').slice(0, 42));
    const addends = [...plan.addends.slice(1), { ...plan.addends[0]!, author: stranger, weight: 1000n }];
    const vectors = [...setting.vectors.slice(1), setting.vectors[0]!];
    const changed = { ...setting, plan: { ...plan, addends }, load: async (i: number) => vectors[i]! };
    for (const { result } of openAll(changed))
      expect((await result).sum).toEqual(trueSum(changed.plan, vectors));
  });

  it('forms anew around a member whose peer stops within it', async () => {
    const setting = await ring(5);
    const events: RingEvent[] = [];
    const sessions = setting.members.map(({ rings, account }, i) =>
      rings.open({
        plan: setting.plan,
        // The third stops before its third hop, as a process would that is shut down.
        signer:
          i !== 2
            ? account
            : {
                address: account.address,
                signTypedData: async (message) => {
                  if (message.primaryType === 'Hop' && (message.message as { step: number }).step === 2) {
                    await setting.members[2]!.peer.stop();
                    await new Promise(() => {});
                  }
                  return account.signTypedData(message);
                },
              },
        load: setting.load,
        timing: quick,
        onEvent: (event) => events.push(event),
      }),
    );
    for (const [i, { result }] of sessions.entries())
      if (i !== 2) expect((await result).sum).toEqual(setting.sum);
    expect(
      events.some((event) => event.kind === 'suspected' && event.member === setting.plan.members[2]),
    ).toBe(true);
  });

  it('helps the others after its own result, until it is closed; then it says so', async () => {
    const setting = await ring(3);
    const sessions = openAll(setting, setting.members, quick);
    await Promise.all(sessions.map(({ result }) => result));
    await sessions[0]!.stop();
    // A second ring over the same members is a ring of its own.
    const again = { ...setting, plan: { ...setting.plan, round: 4n } };
    for (const { result } of openAll(again)) expect((await result).sum).toEqual(setting.sum);
  });

  it('takes a member back that lost all it had received: nobody is suspected', async () => {
    const setting = await ring(3);
    const patient = { ...quick, tries: 100, join: 60_000, attempt: 60_000 };
    const [first, ...others] = setting.members;
    const arrived = accepted(others[1]!);
    const sessions = openAll(setting, others, patient);
    const begun = first!.rings.open({
      plan: setting.plan,
      signer: first!.account,
      load: () => new Promise(() => undefined),
      timing: patient,
    });
    // It has the first hop of its predecessor, and sends none of its own.
    await arrived;
    const stopped = begun.stop();
    const again = openAll(setting, [first!], patient);
    await stopped;
    for (const { result } of [...sessions, ...again])
      expect(await result).toMatchObject({ how: 'ring', absent: [], sum: setting.sum });
  });

  it('names the addend that cannot be had', async () => {
    const setting = await ring(2);
    const broken = {
      ...setting,
      load: async (i: number) => (i === 1 ? new BigUint64Array(3) : setting.vectors[i]!),
    };
    for (const { result } of openAll(broken, setting.members, quick)) {
      const error = await result.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(AddendError);
      expect(error).toMatchObject({ addend: 1, author: setting.plan.members[1] });
    }
  });

  it('ends when it is closed before its sum', async () => {
    const setting = await ring(2);
    const [session] = openAll(setting, [setting.members[0]!], quick);
    await session!.stop();
    await expect(session!.result).rejects.toThrow('closed');
  });

  it('is not open to one who is no member, nor twice', async () => {
    const setting = await ring(2);
    const other = { ...setting, plan: planOf([setting.plan.members[1]!]) };
    expect(() => openAll(other, [setting.members[0]!])).toThrow('no member');
    const [session] = openAll(setting, [setting.members[0]!], quick);
    expect(() => openAll(setting, [setting.members[0]!])).toThrow('open already');
    await session!.stop();
  });

  it('of one is that one alone', async () => {
    const setting = await ring(1);
    expect(await openAll(setting)[0]!.result).toMatchObject({ how: 'alone', sum: setting.sum });
  });
});

describe('a plan', () => {
  const accounts = Array.from({ length: 6 }, (_, i) => getAddress(keccak256(Uint8Array.of(i)).slice(0, 42)));

  it('has each addend added exactly once, whoever is gone', () => {
    const plan = planOf(accounts);
    for (let absent = 0n; absent < 63n; absent++) {
      const carried = addendsOf(plan, absent);
      expect([...carried.values()].flat().sort()).toEqual([0, 1, 2, 3, 4, 5]);
      for (const [member, indices] of carried)
        expect(indices).toContain(accounts.indexOf(member as `0x${string}`));
    }
  });

  it('has a digest that tells apart every field of it', () => {
    const plan = planOf(accounts);
    const [first, ...rest] = plan.addends;
    const others = [
      { ...plan, task: 8n },
      { ...plan, round: 4n },
      { ...plan, subject: 'probe-sum' },
      { ...plan, domain: { ...plan.domain, chainId: 1 } },
      { ...plan, members: [...accounts].reverse() },
      { ...plan, addends: rest },
      { ...plan, addends: [{ ...first!, weight: 9n }, ...rest] },
      { ...plan, addends: [{ ...first!, digests: [] }, ...rest] },
      { ...plan, shape: { ...plan.shape, coefficients: 255 } },
      { ...plan, shape: { ...plan.shape, moduli: plan.shape.moduli.slice(1) } },
    ];
    expect(new Set([plan, ...others].map(planDigest)).size).toBe(others.length + 1);
  });

  it('refuses what cannot be a ring', () => {
    const plan = planOf(accounts);
    expect(() => planDigest({ ...plan, members: [accounts[0]!, accounts[0]!] })).toThrow('twice');
    expect(() => planDigest({ ...plan, addends: [] })).toThrow('nothing to add');
    const [first, ...rest] = plan.addends;
    expect(() => planDigest({ ...plan, addends: [{ ...first!, weight: 0n }, ...rest] })).toThrow(
      'at least 1',
    );
    const lower = accounts.map((account) => account.toLowerCase() as `0x${string}`);
    expect(() => planDigest({ ...plan, members: lower })).toThrow('checksummed');
    expect(() => planDigest({ ...plan, members: [] })).toThrow('0 members');
    expect(() => planDigest({ ...plan, shape: { moduli: [], coefficients: 1 } })).toThrow('rows');
    expect(() => planDigest({ ...plan, shape: { moduli: [1n << 63n], coefficients: 1 } })).toThrow('2^63');
  });

  it('orders accounts by the seed, not by who comes first', () => {
    const seeds = [1, 2, 3].map((i) => keccak256(Uint8Array.of(i)));
    const orders = seeds.map((seed) => ringOrder(accounts, seed).join());
    expect(new Set(orders).size).toBe(3);
    expect(ringOrder([...accounts].reverse(), seeds[0]!).join()).toBe(orders[0]);
  });
});

describe('a stranger with a peer', () => {
  it('does not get a word in, and one that is registered but no member is refused', async () => {
    const setting = await ring(2);
    const outsider = await loner();
    for (const member of setting.members) await introduce(member, [outsider]);
    const sessions = openAll(setting);
    await Promise.all(sessions.map(({ result }) => result));
    const status = Uint8Array.from([
      3,
      ...Buffer.from(sessions[0]!.ring.slice(2), 'hex'),
      ...new Uint8Array(8),
    ]);
    const ask = () =>
      outsider.peer.request(setting.members[0]!.account.address, {
        protocol: '/murmuration/ring/1',
        message: status,
        maxReply: 100,
      });
    await expect(ask()).rejects.toThrow();
    await introduce(outsider, setting.members);
    expect((await ask())[0]).toBe(4);
    await outsider.peer.stop();
  });
});
