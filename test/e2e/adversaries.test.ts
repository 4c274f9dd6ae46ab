// Adversaries in whole federations: what stops each of them, what it loses, and that the honest lose nothing. Several
// share a federation where they do not hide each other.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDevelopmentKeys } from '@murmuration/prover';
import { createPublicClient, http } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type FederationOutcome,
  isHonest,
  type MemberOutcome,
  outcomeOf,
} from '../../bench/adversaries/outcome.ts';
import { type Audited, auditTask } from '../../node/audit/index.ts';
import { defaultFollowSettings } from '../../node/chain/index.ts';
import { type AdversaryRole, defaultEconomics, spamPosts } from '../../node/demo/index.ts';
import type { LocalFederation, LocalInput } from '../../node/local/index.ts';
import { updateSum, wholeTokens } from '../../node/protocol/index.ts';
import type { RoleEvent } from '../../node/roles/index.ts';
import { simulate } from '../../node/simulate/index.ts';
import { cacheFolder } from '../cache_folder.ts';
import { runFederation } from './federation.ts';

const out = mkdtempSync(join(tmpdir(), 'murmuration-adversaries-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const invalid = wholeTokens(defaultEconomics.invalidProof);

/** A federation that is over, and what its roles said. */
interface Played {
  readonly federation: LocalFederation;
  readonly outcome: FederationOutcome;
  /** `role: text`, step by step. */
  readonly said: readonly string[];
  of(kind: AdversaryRole): MemberOutcome;
}

async function play(
  name: string,
  input: LocalInput,
  last?: (federation: LocalFederation) => Promise<void>,
): Promise<Played> {
  const said: string[] = [];
  const hear = (event: RoleEvent) => event.type === 'step' && said.push(`${event.role}: ${event.text}`);
  const federation = await runFederation(join(out, name), input, hear, undefined, last);
  const outcome = outcomeOf(federation);
  return {
    federation,
    outcome,
    said,
    of: (kind) => outcome.members.find((member) => member.kind === kind)!,
  };
}

async function audit({ place, task, store }: LocalFederation): Promise<Audited> {
  return auditTask({
    client: createPublicClient({ transport: http(place.url) }),
    deployment: place.deployment,
    task,
    follow: defaultFollowSettings,
    store,
    keys: await ensureDevelopmentKeys('tiny', { cacheFolder }),
    contributors: [],
    inspection: [],
    software: 'a test',
    now: new Date('2026-11-26T12:00:00Z'),
    patience: 1000,
    say: () => undefined,
  });
}

function expectHonestUntouched({ members }: FederationOutcome): void {
  for (const member of members.filter(isHonest))
    expect(member, member.name).toMatchObject({ lost: 0, faults: {}, ejected: false });
}

describe('adversaries who break what is proven, signed or voted', () => {
  const rounds = 2;
  let played: Played;
  beforeAll(async () => {
    played = await play('broken', {
      rounds,
      trainers: 7,
      validators: 6,
      // Members wait for each other in a ring for an eighth of a phase. Where nobody waited long enough for the first
      // round's, the liar lied to nobody, and what is found in the last round is filed after it.
      phase: 240,
      adversary: [
        // The first of them is among those who are asked for a share in each round.
        ...(['bad-share', 'garbage-proof', 'stolen-proof', 'lying-hop'] as const),
        ...(['lazy-vote', 'biased-probe', 'empty-support', 'wrong-sum', 'spam'] as const),
      ],
    });
  }, 600_000);

  it('leave every round accepted, and all honest stake untouched', () => {
    expect(played.outcome.rounds).toEqual(Array(rounds).fill('accepted'));
    expectHonestUntouched(played.outcome);
    for (const { kind, name, earned } of played.outcome.members)
      if (isHonest({ kind }) && name.startsWith('trainer')) expect(earned, name).toBeGreaterThan(0);
  });

  it.each(['garbage-proof', 'stolen-proof'] as const)(
    '%s: is refused, slashed in each round and never paid',
    (kind) => {
      expect(played.of(kind)).toMatchObject({
        faults: { 'invalid-proof': rounds },
        lost: rounds * invalid,
        earned: 0,
      });
      const { trainers, chain } = played.federation;
      const { address } = trainers.find((trainer) => trainer.kind === kind)!.account.signer;
      for (const { submitted, rejected } of chain.journal.rounds) {
        expect(submitted.update.map(({ sender }) => sender)).not.toContain(address);
        expect(rejected).toContainEqual({ sender: address, subject: 'update' });
      }
    },
  );

  it('lying-hop: the others notice, and decrypt what they added themselves', () => {
    const noticed = played.said.filter((text) => text.includes("the ring's sum of the updates is false"));
    expect(noticed.length).toBeGreaterThan(0);
  });

  it('lying-hop: is disputed by the signatures of its own hops, and loses what a dispute takes', () => {
    const liar = played.of('lying-hop');
    expect(liar.faults.disputed).toBe(1);
    expect(liar.lost).toBe(wholeTokens(defaultEconomics.dispute));
  });

  it('bad-share: the sums open without it', () => {
    const { trainers } = played.federation;
    const member = trainers.findIndex(({ kind }) => kind === 'bad-share');
    const without = played.said.filter((text) =>
      text.includes(`without the shares of member ${member}, which stray`),
    );
    expect(without.length).toBeGreaterThan(0);
    expect(played.said.filter((text) => /which stray/.test(text))).toEqual(without);
  });

  it('wrong-sum: is refused and slashed, and the sums are proven all the same', () => {
    const wrong = played.of('wrong-sum');
    expect(wrong.faults['failed-sum']).toBeGreaterThanOrEqual(rounds);
    expect(wrong.lost).toBe(wrong.faults['failed-sum']! * wholeTokens(defaultEconomics.failedSum));
    expect(wrong.earned).toBe(0);
    for (const { sums } of played.federation.chain.journal.rounds) expect(sums.has(updateSum)).toBe(true);
  });

  it('spam: of its posts, every one on the chain, nobody reads any', async () => {
    const { chain, trainers, validators } = played.federation;
    const members = [...trainers, ...validators].map(({ account }) => account.signer.address);
    expect(chain.journal.announcements.every(({ sender }) => members.includes(sender))).toBe(true);
    expect(chain.journal.announcements.length).toBeLessThan(100);
    expect(played.said.some((text) => text.includes(`has posted ${spamPosts} digests`))).toBe(true);
  });

  it('lazy-vote: is off the majority, loses an outlier’s part in each round, and gets no fee', () => {
    expect(played.of('lazy-vote')).toMatchObject({
      faults: { outlier: rounds },
      lost: rounds * wholeTokens(defaultEconomics.outlier),
      earned: 0,
    });
  });

  it('biased-probe: one group of three speaks for it, so that nobody honest is struck or unpaid', () => {
    for (const { settled } of played.federation.chain.journal.rounds)
      for (const { struck, seen } of settled) {
        expect(struck).toBe(false);
        expect(seen).toBeGreaterThan(0);
      }
  });

  it('empty-support: its proposal counts as not made, and the support has its full length', () => {
    const { validators } = played.federation;
    const { address } = validators.find(({ kind }) => kind === 'empty-support')!.account.signer;
    const passed = played.said.filter((text) => text.includes(`passes over the proposal of ${address}`));
    expect(passed.length).toBeGreaterThan(0);
  });
});

describe('ten rounds with two adversaries among seven trainers and one among six validators', () => {
  const options = { preset: 'tiny', rounds: 10, trainers: 7, validators: 6, selector: 'probe' } as const;
  let played: Played;
  beforeAll(async () => {
    const adversary = ['garbage-proof', 'label-flip', 'biased-probe', 'withhold-sum'] as const;
    played = await play('ten', { ...options, phase: 120, adversary });
  }, 600_000);

  it('are all accepted, and end with all honest stake untouched', () => {
    expect(played.outcome.rounds).toEqual(Array(options.rounds).fill('accepted'));
    const plain = played.outcome.members.filter(({ kind }) => kind === 'plain');
    expect(plain).toHaveLength(4 + 5 + 1);
    for (const member of plain)
      expect(member, member.name).toMatchObject({ lost: 0, faults: {}, ejected: false });
    for (const member of played.outcome.members.filter(isHonest)) {
      expect(member, member.name).toMatchObject({ faults: {}, ejected: false });
      expect(member.earned, member.name).toBeGreaterThan(0);
    }
    expect(played.of('garbage-proof')).toMatchObject({ lost: 10 * invalid, earned: 0 });
  });

  it('withhold-sum: the sums are read all the same, since trainers show what they open', () => {
    expect(played.of('withhold-sum')).toMatchObject({ lost: 0, faults: {} });
    for (const { votes, abstained } of played.federation.chain.journal.rounds) {
      expect(votes).toHaveLength(6);
      expect(abstained).toEqual([]);
    }
  });

  it('end with the very model that the simulation says, within two points of the honest one', async () => {
    const adversary = ['label-flip', 'refused'] as const;
    const simulated = await simulate({ ...options, adversary });
    const last = played.federation.chain.journal.rounds.at(-1)!;
    expect(last.modelAfter).toBe(`0x${simulated.digest}`);
    const honest = await simulate(options);
    const [now, then] = [simulated, honest].map(({ rounds }) => rounds.at(-1)!.plain.accuracy) as [
      number,
      number,
    ];
    expect(then - now).toBeLessThan(0.02);
  });
});

describe('adversaries who keep the others waiting', () => {
  let missing: Played;
  let other: Played;
  let audited: Audited;
  let proposal: Played;
  beforeAll(async () => {
    // Side by side, since they wait most of the time.
    [missing, other, proposal] = await Promise.all([
      play('missing', {
        rounds: 1,
        // Four of seven are left, as many as a round needs at least.
        trainers: 7,
        validators: 3,
        phase: 40,
        adversary: ['silent', 'bad-ciphertext', 'withhold-ciphertext'],
      }),
      play(
        'other',
        { rounds: 4, trainers: 5, validators: 3, phase: 40, adversary: ['other-vector'] },
        async (federation) => {
          audited = await audit(federation);
        },
      ),
      play('proposal', { rounds: 1, phase: 40, adversary: ['withhold-proposal'] }),
    ]);
  }, 600_000);

  it('silent: misses its duty, and is slashed for it; the round goes on', () => {
    expect(missing.outcome.rounds).toEqual(['accepted']);
    expectHonestUntouched(missing.outcome);
    expect(missing.of('silent')).toMatchObject({
      faults: { 'no-show': 1 },
      lost: wholeTokens(defaultEconomics.noShow),
      earned: 0,
    });
  });

  it.each(['bad-ciphertext', 'withhold-ciphertext'] as const)(
    '%s: is voted out and slashed before anything is opened, and the round counts without it',
    (kind) => {
      expect(missing.of(kind)).toMatchObject({ lost: invalid, earned: 0 });
      const { trainers, chain } = missing.federation;
      const { address } = trainers.find((trainer) => trainer.kind === kind)!.account.signer;
      const voted = missing.said.filter((text) => text.includes(`votes to exclude what ${address} sent`));
      expect(voted.length).toBeGreaterThanOrEqual(2);
      const [round] = chain.journal.rounds;
      expect(round!.submitted.update.map(({ sender }) => sender)).not.toContain(address);
    },
  );

  it('other-vector: three rounds at most are void, of five trainers; then one goes on without it', () => {
    const { trainers, chain } = other.federation;
    const { address } = trainers.find(({ kind }) => kind === 'other-vector')!.account.signer;
    const { rounds } = chain.journal;
    expect(other.outcome.rounds).toHaveLength(4);
    expect(rounds[0]!.leftOut).toEqual([]);
    for (const [at, { submitted, leftOut }] of rounds.entries()) {
      const isIn = submitted.update.some(({ sender }) => sender === address);
      expect(other.outcome.rounds[at], `round ${at + 1}`).toBe(isIn ? 'void' : 'accepted');
      if (at === 0) continue;
      expect(submitted.update).toHaveLength(3); // no sum is of fewer
      expect(leftOut).toHaveLength(2);
    }
    expect(other.outcome.rounds).toContain('accepted');
    expectHonestUntouched(other.outcome);
    expect(other.of('other-vector').earned).toBe(0);
  });

  it('other-vector: an audit finds the draws right, names those of each closed sum, and whom they speak against', () => {
    const { report } = audited;
    const { address } = other.federation.trainers.find(({ kind }) => kind === 'other-vector')!.account.signer;
    const closed = other.outcome.rounds.flatMap((outcome, at) => (outcome === 'void' ? [at + 1] : []));
    const failed = report.findings.filter(({ verdict }) => verdict === 'failed');
    expect(failed.map(({ kind, round }) => [kind, round])).toEqual(closed.map((round) => ['sum', round]));
    for (const { reason } of failed) {
      expect(reason).toContain('one of these sent it');
      expect(reason).toContain(address);
    }
    expect(report.misconduct).toEqual([]);
    expect(report.rounds.map(({ leftOut }) => leftOut)).toEqual([0, 2, 2, 2]);
    const { passed } = report.checks.find(({ kind }) => kind === 'exclusion')!;
    expect(passed).toBe(9); // in each of three rounds a draw, and two that it leaves out
    const suspicions = new Map(report.people.map(({ account, suspicion }) => [account, suspicion]));
    expect(suspicions.get(address)).toBe(Math.max(...suspicions.values()));
    expect(suspicions.get(address)).toBeGreaterThan(0);
  });

  it('withhold-proposal: costs the round; who could not read it abstains, and nobody honest loses stake', () => {
    expect(proposal.outcome.rounds).toEqual(['void']);
    expectHonestUntouched(proposal.outcome);
    expect(proposal.said.some((text) => text.includes('abstains, since the support cannot be known'))).toBe(
      true,
    );
    expect(proposal.of('withhold-proposal').earned).toBe(0);
  });
});
