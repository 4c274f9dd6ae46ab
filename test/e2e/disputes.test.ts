// Disputes in a whole federation, without a person: a trainer that lies in the ring and one that gives wrong decryption
// shares are accused, judged, suspended, slashed and out, and nobody else loses anything.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FederationOutcome, isHonest, outcomeOf } from '../../bench/adversaries/outcome.ts';
import type { TaskChain } from '../../node/chain/index.ts';
import { defaultEconomics } from '../../node/demo/index.ts';
import { faultNumbers } from '../../node/disputes/index.ts';
import { topicOf, wholeTokens } from '../../node/protocol/index.ts';
import { runFederation } from './federation.ts';

const out = mkdtempSync(join(tmpdir(), 'murmuration-disputes-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

describe('a lying hop and wrong shares', () => {
  const rounds = 4;
  const said: string[] = [];
  let outcome: FederationOutcome;
  let chain: TaskChain;
  let accountOf: (name: string) => string;
  beforeAll(async () => {
    // With t = 2 three shares that agree show that a fourth is wrong.
    const federation = await runFederation(
      join(out, 'both'),
      {
        rounds,
        trainers: 5,
        threshold: 2,
        validators: 3,
        phase: 120,
        adversary: ['bad-share', 'lying-hop'],
      },
      (event) => {
        if (event.type === 'step') said.push(`${event.role}: ${event.text}`);
        if (event.type === 'fault') said.push(`${event.role}: FAULT ${event.error}`);
      },
    );
    ({ chain } = federation);
    accountOf = (name) =>
      federation.trainers.find(({ account }) => account.name === name)!.account.signer.address;
    outcome = outcomeOf(federation);
  }, 900_000);

  const of = (kind: string) => outcome.members.find((member) => member.kind === kind)!;

  it.each([
    ['lying-hop', 'hop'],
    ['bad-share', 'share'],
  ] as const)('%s: is slashed once, by what it did, and loses its seat', (kind, evidence) => {
    const { name, lost, ejected } = of(kind);
    const disputes = [...chain.journal.disputes.values()].filter(
      ({ culprit }) => culprit === accountOf(name),
    );
    expect(disputes, said.join('\n')).toMatchObject([{ fault: faultNumbers[evidence], status: 'executed' }]);
    expect({ lost, ejected }).toEqual({ lost: wholeTokens(defaultEconomics.dispute), ejected: true });
  });

  it('cost no honest member anything, and no round its model', () => {
    for (const member of outcome.members.filter(isHonest))
      expect(member, member.name).toMatchObject({ lost: 0, faults: {}, ejected: false });
    expect(outcome.rounds, said.join('\n')).toEqual(Array(rounds).fill('accepted'));
    expect(chain.journal.disputes.size).toBe(2);
  });

  it('took each validator one signature for each accusation at most, and each member one accusation', () => {
    for (const round of chain.journal.rounds) {
      const count = (kind: 'accusation' | 'accusation-signature') => {
        const posts = chain.journal.announcements.filter(
          ({ topic }) => topic === topicOf(kind, round.number),
        );
        return Math.max(
          0,
          ...posts.map(({ sender }) => posts.filter((post) => post.sender === sender).length),
        );
      };
      expect(count('accusation')).toBeLessThanOrEqual(1);
      expect(count('accusation-signature')).toBeLessThanOrEqual(2);
    }
  });
});

describe('a trainer that shows its key share to nobody', () => {
  it('is voted out by the validators, slashed as absent, and the others make a key without it', async () => {
    const said: string[] = [];
    const federation = await runFederation(
      join(out, 'key'),
      { rounds: 1, trainers: 4, validators: 3, phase: 90, adversary: ['withhold-key'] },
      (event) => {
        if (event.type === 'step') said.push(`${event.role}: ${event.text}`);
      },
    );
    const { chain, trainers } = federation;
    const { slashed, rejections, epochs, rounds } = chain.journal;
    const culprit = trainers.find(({ kind }) => kind === 'withhold-key')!.account.signer.address;
    expect([...slashed], said.join('\n')).toEqual([[culprit, defaultEconomics.noShow]]);
    expect([...rejections].every((vote) => vote.startsWith(`1/${culprit}/`))).toBe(true);
    expect([...epochs].map(([number, { trainers: of }]) => [number, of.length])).toEqual([
      [1, 4],
      [2, 3],
    ]);
    expect(rounds.map(({ outcome }) => outcome)).toEqual(['accepted']);
  }, 900_000);
});
