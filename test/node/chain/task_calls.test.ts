// What an account's calls in a task carry, and what the contracts' answers make of them.
import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { Reverted } from '../../../node/chain/index.ts';
import { createTaskCalls } from '../../../node/chain/task_calls.ts';
import {
  basisOfAlignment,
  basisOfSum,
  keyRegistrationData,
  topicOf,
  voteCommitment,
} from '../../../node/protocol/index.ts';

const account = privateKeyToAccount(`0x${'11'.repeat(32)}`);
const word = (byte: number): Hex => `0x${byte.toString(16).padStart(2, '0').repeat(32)}`;
const other: Hex = `0x${'22'.repeat(20)}`;
/** The contracts at their own names, so that a call says where it goes; of keys a signature has the address. */
const keys: Hex = `0x${'33'.repeat(20)}`;
const names = ['bulletin', 'disputes', 'exclusions', 'marketplace', 'rounds', 'settlement', 'validation'];
const deployment = { chainId: 5, keys, ...Object.fromEntries(names.map((name) => [name, name])) } as never;

/** The calls of a task whose contracts answer as told, and what was sent. */
function callsOf(answer: (call: string) => void = () => undefined, status = 'running') {
  const sent: { to: string; name: string; args: unknown; spare: bigint | undefined }[] = [];
  const told: string[] = [];
  const sender = {
    account,
    async send(call: { address: string; functionName: string; args: unknown }, spare?: bigint) {
      answer(call.functionName);
      sent.push({ to: call.address, name: call.functionName, args: call.args, spare });
      return { gasUsed: 3n, effectiveGasPrice: 7n };
    },
    async estimate(call: { address: string; functionName: string }) {
      answer(call.functionName);
      return call.address === 'rounds' ? 11n : 13n;
    },
  };
  const calls = createTaskCalls({
    sender: sender as never,
    deployment,
    task: 9n,
    state: async () => ({ status }) as never,
    onTransaction: (call, gas) => told.push(`${call} ${gas}`),
  });
  return { calls, sent, told };
}
type Calls = ReturnType<typeof callsOf>['calls'];

const refuse = (error: string) => (call: string) => {
  throw new Reverted(call, error, 'was refused');
};

const submission = {
  sender: other,
  commitments: [
    { x: 1n, y: 2n },
    { x: 3n, y: 4n },
  ],
};
const chunks = [{ h: 1n }] as never;
const vote = { basis: word(1), model: word(2), references: word(3), quality: 80, before: 70, salt: word(4) };
const points = [{ x: 5n, y: 6n }];
const inputs = { hUpdate: [7n], references: word(8) };
const accusation = { task: 9n, round: 1n, culprit: other } as never;
/** Signers in other orders than that of their addresses, of which letters count alike, small or not. */
const [low, middle, high] = ['0a', 'AB', 'ac'].map((byte): Hex => `0x${byte.repeat(20)}`) as [Hex, Hex, Hex];
const signed = [high, low, middle].map((signer) => ({ signer, signature: `${signer}00` as Hex }));
const ascending = [[low, middle, high], [low, middle, high].map((signer) => `${signer}00`)] as const;
/** What a vote to exclude may cost more, of two chunks. */
const spare = 560_000n;

it.each<[string, (calls: Calls) => Promise<unknown>, string, readonly unknown[], bigint?]>([
  ['revealSecret', (calls) => calls.revealSecret(word(1)), 'marketplace', [9n, word(1)]],
  ['deal', (calls) => calls.deal(2, word(1)), keys, [9n, 2n, word(1)]],
  ['reject', (calls) => calls.reject(2, other), keys, [9n, 2n, other]],
  ['confirmKey', (calls) => calls.confirmKey(2, word(1)), keys, [9n, 2n, word(1)]],
  [
    'post',
    (calls) => calls.announce('decryption', 3, word(1)),
    'bulletin',
    [9n, topicOf('decryption', 3), word(1)],
  ],
  ['propose', (calls) => calls.propose(3, word(1)), 'rounds', [9n, 3n, word(1)]],
  [
    'submitUpdate',
    (calls) => calls.submit('update', { round: 3, basis: word(1), chunks }),
    'rounds',
    [9n, 3n, word(1), chunks],
  ],
  [
    'submitProbe',
    (calls) => calls.submit('probe', { round: 3, basis: word(1), chunks }),
    'rounds',
    [9n, 3n, word(1), chunks],
  ],
  [
    'voteToExclude',
    (calls) => calls.voteToExclude(3, submission),
    'exclusions',
    [9n, 3n, other, submission.commitments],
    spare,
  ],
  ['draw', (calls) => calls.draw(3), 'exclusions', [9n, 3n]],
  [
    'leaveOut',
    (calls) => calls.leaveOut(3, submission),
    'exclusions',
    [9n, 3n, other, submission.commitments],
  ],
  ['inspect', (calls) => calls.inspect(3), 'rounds', [9n, 3n]],
  [
    'submitAggregate',
    (calls) => calls.submitSum(2, { round: 3, totals: points, chunks }),
    'rounds',
    [9n, 3n, 2n, basisOfSum(points), chunks],
  ],
  [
    'commitVote',
    (calls) => calls.commitVote(3, vote),
    'validation',
    [9n, 3n, word(1), voteCommitment({ task: 9n, round: 3, validator: account.address }, vote)],
  ],
  ['abstain', (calls) => calls.abstain(3), 'validation', [9n, 3n]],
  [
    'revealVote',
    (calls) => calls.revealVote(3, vote),
    'validation',
    [9n, 3n, { model: word(2), references: word(3), quality: 80, qualityBefore: 70 }, word(4)],
  ],
  [
    'proveAlignment',
    (calls) => calls.proveAlignment({ round: 3, trainer: other, inputs, points, chunks }),
    'settlement',
    [9n, 3n, other, basisOfAlignment(inputs), points, chunks],
  ],
  ['file', (calls) => calls.fileDispute(accusation, signed), 'disputes', [accusation, ...ascending]],
  ['execute', (calls) => calls.executeDispute(word(1)), 'disputes', [word(1)]],
  ['overturn', (calls) => calls.overturnDispute(word(1), signed), 'disputes', [word(1), ...ascending]],
])(
  '%s goes to its contract with what it is about, and is told with its gas',
  async (name, call, to, args, spare) => {
    const { calls, sent, told } = callsOf();
    await call(calls);
    expect(sent).toEqual([{ to, name, args, spare }]);
    expect(told).toEqual([`${name} 3`]);
  },
);

it('keys are registered with the account’s signature of them', async () => {
  const { calls, sent } = callsOf();
  const registered = { peer: '0x01', sealingKey: word(2), keyShare: word(3) } as const;
  await calls.registerKeys(2, registered);
  const registration = { task: 9n, epoch: 2, account: account.address, ...registered };
  const data = keyRegistrationData({ chainId: 5, contract: keys }, registration);
  const args = [registration, await account.signTypedData(data)];
  expect(sent).toEqual([{ to: keys, name: 'registerKeys', args, spare: undefined }]);
});

describe('a call that was made already', () => {
  it.each([
    'AlreadyRegistered',
    'AlreadyDealt',
    'AlreadyRejected',
    'AlreadyConfirmed',
    'AlreadyRevealed',
    'AlreadyDone',
    'AlreadyProven',
    'AlreadyVoted',
    'NotAccepted',
    'SumAlreadyProven',
    'DisputeKnown',
    'DisputeNotPending',
  ])('is done where the contract answers %s', async (error) => {
    const { calls, sent, told } = callsOf(refuse(error));
    await calls.propose(1, word(1));
    expect(await calls.submitSum(0, { round: 1, totals: points, chunks })).toBeUndefined();
    expect([sent, told]).toEqual([[], []]);
  });
  it('is none for any other answer', async () => {
    const { calls } = callsOf(refuse('WrongPhase'));
    await expect(calls.propose(1, word(1))).rejects.toMatchObject({ error: 'WrongPhase' });
  });
});

describe('a call that may be due', () => {
  const due = (calls: Calls) => [calls.draw(1), calls.leaveOut(1, submission)] as const;
  it('was, where it is mined', async () => {
    expect(await Promise.all(due(callsOf().calls))).toEqual([true, true]);
  });
  it('was not, by its own refusal alone', async () => {
    expect(await callsOf(refuse('NotDrawn')).calls.draw(1)).toBe(false);
    expect(await callsOf(refuse('NotLeftOut')).calls.leaveOut(1, submission)).toBe(false);
    await expect(callsOf(refuse('NotLeftOut')).calls.draw(1)).rejects.toThrow('draw was refused');
    await expect(callsOf(refuse('NotDrawn')).calls.leaveOut(1, submission)).rejects.toThrow(
      'leaveOut was refused',
    );
  });
});

it('a sum’s wei are those of its transaction', async () => {
  expect(await callsOf().calls.submitSum(0, { round: 1, totals: points, chunks })).toBe(21n);
});

describe('a push', () => {
  it('goes to the rounds while they run, and to the marketplace before and after', async () => {
    const { calls, sent } = callsOf();
    expect(await calls.advance()).toBe(true);
    const before = callsOf(undefined, 'keying');
    expect(await before.calls.advance()).toBe(true);
    expect([...sent, ...before.sent].map(({ to, name, args }) => [to, name, args])).toEqual([
      ['rounds', 'advance', [9n]],
      ['marketplace', 'advance', [9n]],
    ]);
    expect([await calls.gasToAdvance('running'), await calls.gasToAdvance('open')]).toEqual([11n, 13n]);
  });
  it.each(['ended', 'cancelled'])('is not sent in a task that is %s', async (status) => {
    const { calls, sent } = callsOf(undefined, status);
    expect(await calls.advance()).toBe(false);
    expect(sent).toEqual([]);
  });
  it('is not due where the contract refuses it; what else fails is told', async () => {
    const { calls } = callsOf(refuse('TooEarly'));
    expect([await calls.advance(), await calls.gasToAdvance('running')]).toEqual([false, undefined]);
    const away = new Error('no node answers');
    const without = callsOf(() => {
      throw away;
    });
    await expect(without.calls.advance()).rejects.toBe(away);
    await expect(without.calls.gasToAdvance('running')).rejects.toBe(away);
  });
});
