// A member that lies on real sockets: what breaks a rule is refused and the ring forms without it; what is
// well formed and wrong is signed, and proves who did it.
import { afterEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../../node/protocol/index.ts';
import { signNotice } from '../../../node/ring/absence.ts';
import { signHop } from '../../../node/ring/hop.ts';
import { firstWrongHop, type RingEvent, ringProtocol } from '../../../node/ring/index.ts';
import { decodeReply, decodeRequest, encodeRequest, type Request } from '../../../node/ring/wire.ts';
import { openAll, quick, type RingMember, ringOf, type Setting } from './fixture.ts';

type Hop = Extract<Request, { kind: 'hop' }>;
const liar = 1;
let setting: Setting;

afterEach(() => setting.stop());

/** Changes every hop that a member sends; undefined drops it silently, as if the answer were lost. */
function tamper(member: RingMember, change: (hop: Hop, step: number) => Promise<Hop[]> | Hop[]) {
  const request = member.peer.request;
  member.peer.request = async (to, asked) => {
    const parsed = decodeRequest(asked.message);
    if (parsed.kind !== 'hop') return request(to, asked);
    const hops = await change(parsed, parsed.chain.links.length - 1);
    const replies: Uint8Array[] = [];
    for (const hop of hops) replies.push(await request(to, { ...asked, message: encodeRequest(hop) }));
    if (replies.length === 0)
      await new Promise((_, reject) => asked.signal!.addEventListener('abort', reject));
    return replies.at(-1)!;
  };
}

/** The hop with another part, signed by the liar as if it were right. */
async function resigned(hop: Hop, part: Uint8Array): Promise<Hop> {
  const before = { ...hop.chain, links: hop.chain.links.slice(0, -1) };
  const { account } = setting.members[liar]!;
  return {
    ...hop,
    part,
    chain: await signHop({ plan: setting.plan, signer: account }, before, digestOf(part)),
  };
}

function bumped(part: Uint8Array): Uint8Array {
  const copy = part.slice();
  copy[0] = copy[0]! ^ 1;
  return copy;
}

async function honestSums(sessions: ReturnType<typeof openAll>) {
  const honest = sessions.filter((_, i) => i !== liar);
  return Promise.all(honest.map(({ result }) => result));
}

describe('a member that breaks a rule is left out, and the sum is right', () => {
  const cases: [string, number, (hop: Hop, step: number) => Promise<Hop[]> | Hop[]][] = [
    [
      'changes a part under its signature',
      4,
      (hop, step) => [step === 1 ? { ...hop, part: bumped(hop.part) } : hop],
    ],
    ['cuts a part short', 4, (hop) => [{ ...hop, part: hop.part.subarray(1) }]],
    [
      'sends a residue that is none, and signs it',
      4,
      async (hop) => [await resigned(hop, hop.part.slice().fill(255))],
    ],
    [
      'sends the wrong segment',
      4,
      (hop) => [{ ...hop, chain: { ...hop.chain, segment: (hop.chain.segment + 1) % 4 } }],
    ],
    [
      'leaves out a signature',
      4,
      (hop, step) => [
        step === 2 ? { ...hop, chain: { ...hop.chain, links: hop.chain.links.slice(1) } } : hop,
      ],
    ],
    ['sends two different hops for one step', 4, async (hop) => [hop, await resigned(hop, bumped(hop.part))]],
    ['keeps its hops to itself and answers that it is there', 4, (_hop, step) => (step < 2 ? [_hop] : [])],
  ];

  it.each(cases)('%s', async (_, count, change) => {
    setting = await ringOf(count);
    tamper(setting.members[liar]!, change);
    const events: RingEvent[] = [];
    const sessions = setting.members.map(({ rings, account }) =>
      rings.open({
        plan: setting.plan,
        signer: account,
        load: setting.load,
        timing: quick,
        onEvent: (event) => events.push(event),
      }),
    );
    for (const { sum } of await honestSums(sessions)) expect(sum).toEqual(setting.sum);
    const suspected = events.flatMap((event) => (event.kind === 'suspected' ? [event.member] : []));
    expect(suspected).toContain(setting.plan.members[liar]);
    // Nothing that was refused proves a lie by anyone else.
    const chains = sessions.filter((_, i) => i !== liar).flatMap((session) => session.chains());
    const fault = await firstWrongHop(setting.plan, setting.load, chains);
    if (fault) expect(fault.culprit).toBe(setting.plan.members[liar]);
  });

  it('accuses everybody', async () => {
    setting = await ringOf(4);
    const sessions = openAll(setting, setting.members, quick);
    const { peer, account } = setting.members[liar]!;
    const { ring } = sessions[0]!;
    const notices = await Promise.all(
      [0, 2, 3].map((accused) => signNotice({ plan: setting.plan, ring, signer: account }, accused)),
    );
    for (const to of [0, 2, 3])
      await peer.request(setting.plan.members[to]!, {
        protocol: ringProtocol,
        message: encodeRequest({ kind: 'notices', ring, absent: 0n, notices }),
        maxReply: 20_000,
      });
    for (const { sum } of await honestSums(sessions)) expect(sum).toEqual(setting.sum);
  });
});

describe('a member that signs a wrong sum', () => {
  it('by adding something else than its ciphertext is proven to by what any one other has', async () => {
    setting = await ringOf(5);
    const { rings, account } = setting.members[liar]!;
    const wrong = setting.vectors[liar]!.slice();
    wrong[17]! ^= 1n;
    const sessions = setting.members.map((member, i) =>
      i === liar
        ? rings.open({ plan: setting.plan, signer: account, load: async () => wrong })
        : openAll(setting, [member])[0]!,
    );
    for (const { sum } of await honestSums(sessions)) expect(sum).not.toEqual(setting.sum);
    for (const [i, session] of sessions.entries()) {
      if (i === liar) continue;
      const fault = await firstWrongHop(setting.plan, setting.load, session.chains());
      expect(fault?.culprit).toBe(account.address);
    }
  });

  it('when it passes on what is whole is proven to by those whose sum is wrong', async () => {
    setting = await ringOf(4);
    tamper(setting.members[liar]!, async (hop, step) => [
      step === 4 ? await resigned(hop, bumped(hop.part)) : hop,
    ]);
    const sessions = openAll(setting);
    const results = await honestSums(sessions);
    const honest = sessions.filter((_, i) => i !== liar);
    const wrong = honest.filter((_, i) => results[i]!.sum.some((residue, at) => residue !== setting.sum[at]));
    expect(wrong.length).toBeGreaterThan(0);
    for (const session of wrong) {
      const fault = await firstWrongHop(setting.plan, setting.load, session.chains());
      expect(fault).toMatchObject({ culprit: setting.plan.members[liar], step: 4 });
    }
  });
});

describe("a hop that is not its sender's to send", () => {
  it('is refused: replayed by another, from another ring, or made up', async () => {
    setting = await ringOf(3);
    const { plan, members, load } = setting;
    const captured: Hop[] = [];
    tamper(members[0]!, (hop) => {
      captured.push(hop);
      return [hop];
    });
    const sessions = openAll(setting);
    for (const { result } of sessions) expect((await result).sum).toEqual(setting.sum);
    const next = { ...plan, round: plan.round + 1n };
    const opened = members.map(({ rings, account }) =>
      rings.open({ plan: next, signer: account, load, timing: quick }),
    );
    const send = async (from: number, hop: Hop) => {
      const { peer } = members[from]!;
      const bytes = encodeRequest(hop);
      return decodeReply(
        await peer.request(plan.members[1]!, { protocol: ringProtocol, message: bytes, maxReply: 20_000 }),
      ).answer;
    };
    // The successor asks who sends: the third member cannot pass the first one's hop off, though every
    // signature is true.
    expect(await send(2, captured[0]!)).toBe('refused');
    // The predecessor's own hop again is no news; under the next ring's name its signatures are wrong, and it
    // is left out.
    expect(await send(0, captured[0]!)).toBe('accepted');
    const renamed = { ...captured[0]!, ring: opened[0]!.ring };
    expect(await send(2, renamed)).toBe('refused');
    for (const { result } of opened) expect((await result).sum).toEqual(setting.sum);
  });
});
