// The basis of a vote, as the journal follows it log by log: each sum that is proven goes into it, and the next round
// opens on it. A vote on another basis than the contract's reverts, and its validator is silent.
import { standings } from '@murmuration/contracts';
import { encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from 'viem';
import { expect, it } from 'vitest';
import { emptyJournal, enterLogs } from '../../../node/chain/index.ts';
import { logOf } from './log_of.ts';

const word = (byte: number): Hex => `0x${byte.toString(16).padStart(2, '0').repeat(32)}`;
const account: Hex = `0x${'11'.repeat(20)}`;
const hashed = (types: string, values: readonly unknown[]): Hex =>
  keccak256(encodeAbiParameters(parseAbiParameters(types), values));

type Name =
  | 'Excluded'
  | 'LeftOut'
  | 'RoundOpened'
  | 'StandingChanged'
  | 'Submitted'
  | 'SupportProposed'
  | 'SumProven';

it('is of the proposals and of every proven sum in its order; the next round opens on it', () => {
  const journal = { ...emptyJournal(), collectiveKey: word(1) };
  const enter = (name: Name, args: Record<string, unknown>) =>
    enterLogs(() => [journal], [logOf(name, { task: 1n, ...args })]);
  const proven = (sum: bigint, digests: readonly Hex[]) =>
    enter('SumProven', { round: 1n, prover: account, sum, digests, h: digests.map(() => 5n) });

  enter('RoundOpened', { round: 1n, model: word(2), scale: 7n, leader: account });
  enter('SupportProposed', { round: 1n, proposer: account, digest: word(3) });
  const entry = journal.rounds[0]!;
  const opening = hashed('bytes32, bytes32, uint256', [word(1), word(2), 7n]);
  const submitted = hashed('bytes32, address, bytes32', [opening, account, word(3)]);
  expect(entry.voteBasis).toBe(submitted);

  proven(1n, [word(4), word(5)]);
  const probes = hashed('bytes32, uint256, bytes32[]', [submitted, 1n, [word(4), word(5)]]);
  expect(entry.voteBasis).toBe(probes);
  proven(0n, [word(6)]);
  const both = hashed('bytes32, uint256, bytes32[]', [probes, 0n, [word(6)]]);
  expect(entry.voteBasis).toBe(both);
  // What updates and probes rest on stays.
  expect(entry.basis).toBe(submitted);

  enter('RoundOpened', { round: 2n, model: word(8), scale: 9n, leader: account });
  expect(journal.rounds[1]!.opening).toBe(hashed('bytes32, bytes32, uint256', [both, word(8), 9n]));
});

it('the journal knows who is ejected, and takes no other standing for that', () => {
  const journal = emptyJournal();
  for (const standing of standings) {
    const log = logOf('StandingChanged', { task: 1n, account, standing: standings.indexOf(standing) });
    enterLogs(() => [journal], [log]);
    expect(journal.ejected.size).toBe(standing === 'ejected' ? 1 : 0);
  }
  expect([...journal.ejected]).toEqual([account]);
});

it('the journal takes out what was excluded or is left out of the sum, and keeps what others sent', () => {
  const journal = { ...emptyJournal(), collectiveKey: word(1) };
  const enter = (name: Name, args: Record<string, unknown>) =>
    enterLogs(() => [journal], [logOf(name, { task: 1n, round: 1n, ...args })]);
  const [ada, bob, cleo, dan] = ['aa', 'bb', 'cc', 'dd'].map((byte): Hex => `0x${byte.repeat(20)}`);
  const [update, probe] = [0n, 1n];
  const left = () => {
    const { submitted, leftOut, excluded } = journal.rounds[0]!;
    const of = (accounts: readonly { readonly sender: Hex }[]) =>
      accounts.map(({ sender }) => sender.toLowerCase());
    return [of(submitted.update), of(submitted.probe), leftOut.length, excluded.length];
  };
  enter('RoundOpened', { model: word(2), scale: 7n, leader: account });
  for (const sum of [update, probe])
    for (const sender of [ada, bob, cleo, dan])
      enter('Submitted', { sender, sum, weight: 1n, commitments: [], h: [], digests: [word(4)] });
  enter('LeftOut', { account: bob });
  expect(left()).toEqual([[ada, cleo, dan], [ada, bob, cleo, dan], 1, 0]);
  enter('Excluded', { account: cleo, sum: update });
  expect(left()).toEqual([[ada, dan], [ada, bob, cleo, dan], 1, 1]);
  enter('Excluded', { account: dan, sum: probe });
  expect(left()).toEqual([[ada, dan], [ada, bob, cleo], 1, 2]);
});
