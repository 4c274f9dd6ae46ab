// What is asked of a task: of which contract, at which block, and how often; what nobody may change is asked once.
import { phases, selectors, standings, taskStatuses } from '@murmuration/contracts';
import type { Address, Hash } from 'viem';
import { beforeEach, describe, expect, it } from 'vitest';
import { createTaskViews } from '../../../node/chain/task_views.ts';

const contract = (digit: number): Address => `0x${String(digit).repeat(40)}`;
const names = ['marketplace', 'rounds', 'exclusions', 'validation', 'settlement', 'vault'] as const;
const deployment = Object.fromEntries(names.map((name, at) => [name, contract(at + 1)]));
const [member, other] = [contract(8), contract(9)];
const block = (digit: number): Hash => `0x${String(digit).repeat(64)}`;

interface Asked {
  readonly address: Address;
  readonly functionName: string;
  readonly args: readonly unknown[];
  readonly blockHash?: Hash;
}

let latest: Hash;
/** Contract and function, what it was asked with, and at which block. */
let asked: unknown[];
let answers: Record<string, (args: readonly unknown[]) => unknown>;
let blocks: bigint[];
beforeEach(() => {
  [latest, asked, answers, blocks] = [block(1), [], {}, []];
});

function open() {
  const client = {
    async readContract({ address, functionName, args, blockHash }: Asked) {
      const name = names.find((each) => deployment[each] === address);
      asked.push([`${name}.${functionName}`, args, blockHash]);
      const answer = await answers[functionName]!(args);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    async getBlock({ blockNumber, blockTag }: { blockNumber?: bigint; blockTag?: string }) {
      if (blockTag) return { timestamp: 77n };
      blocks.push(blockNumber!);
      if (blockNumber === 13n && blocks.length === 1) throw new Error('away');
      return { timestamp: 1000n + blockNumber! };
    },
    getCode: async () => '0x00',
  };
  const heads = { look: async () => ({ hash: latest }) };
  return createTaskViews({ client, deployment, heads, task: 3n } as never);
}

describe('a view of a task', () => {
  type Views = ReturnType<typeof open>;
  const seat = {
    index: 2,
    standing: standings.indexOf('good'),
    proposedIn: 1,
    submittedIn: 2,
    accepted: true,
    inspectedIn: 3,
  };
  const vote = { committedIn: 4, revealedIn: 5, abstainedIn: 6 };
  const stage = { number: 4, phase: 3, deadline: 9n, weight: 5, acceptedProbes: 2 };

  it.each([
    {
      name: 'its state',
      view: (of: Views) => of.state(),
      calls: { 'marketplace.stateOf': [3n] },
      given: { stateOf: { status: taskStatuses.indexOf('running'), deadline: 5n, epoch: 2, more: 1 } },
      found: { status: 'running', deadline: 5n, epoch: 2 },
    },
    {
      name: 'its stage',
      view: (of: Views) => of.stage(),
      calls: { 'rounds.stageOf': [3n] },
      given: { stageOf: { ...stage, sumsDue: 0b111, sumsProven: 0b10 } },
      found: {
        round: 4,
        phase: phases[3],
        deadline: 9n,
        weight: 5,
        probes: 2,
        sumsDue: [0, 1, 2],
        sumsProven: [1],
      },
    },
    {
      name: 'a seat and its vote',
      view: (of: Views) => of.seat(member),
      calls: { 'rounds.seatOf': [3n, member], 'validation.voteOf': [3n, member] },
      given: { seatOf: seat, voteOf: vote },
      found: { ...seat, ...vote, standing: 'good' },
    },
    {
      name: 'what a member pledged',
      view: (of: Views) => of.pledgeOf(member),
      calls: { 'vault.pledgeOf': [3n, member] },
      given: { pledgeOf: 12n },
      found: 12n,
    },
    {
      name: 'whether all submissions were looked at',
      view: (of: Views) => of.isSifted(),
      calls: { 'exclusions.isSifted': [3n] },
      given: { isSifted: true },
      found: true,
    },
    {
      name: 'who is drawn to be left out of the sum',
      view: (of: Views) => of.surplus(),
      calls: { 'exclusions.surplus': [3n] },
      given: { surplus: [member, other] },
      found: [member, other],
    },
    {
      name: 'a trainer’s weight',
      view: (of: Views) => of.weightOf(member),
      calls: { 'marketplace.applicantOf': [3n, member] },
      given: { applicantOf: { weight: 4, role: 1 } },
      found: 4,
    },
    {
      name: 'a sum of commitments',
      view: (of: Views) => of.sumOf(2, 5),
      calls: { 'rounds.sumOf': [3n, 2n, 5n] },
      given: { sumOf: { x: 1n, y: 2n } },
      found: { x: 1n, y: 2n },
    },
  ])('tells $name, as of one block and asked once in it', async ({ view, calls, given, found }) => {
    answers = Object.fromEntries(Object.entries(given).map(([name, answer]) => [name, () => answer]));
    const of = open();
    const wanted = (hash: Hash) => Object.entries(calls).map(([call, args]) => [call, args, hash]);
    expect(await Promise.all([view(of), view(of)])).toEqual([found, found]);
    expect(await view(of)).toEqual(found);
    expect(asked).toEqual(wanted(block(1)));
    latest = block(2);
    expect(await view(of)).toEqual(found);
    expect(asked).toEqual([...wanted(block(1)), ...wanted(block(2))]);
  });

  it('of one member, sum or chunk is not that of another', async () => {
    answers = {
      pledgeOf: ([, account]) => account,
      applicantOf: ([, account]) => ({ weight: account }),
      seatOf: ([, account]) => ({ ...seat, index: account }),
      voteOf: () => vote,
      sumOf: ([, sum, chunk]) => `${sum}/${chunk}`,
    };
    const of = open();
    for (const account of [member, other]) {
      expect(await of.pledgeOf(account)).toBe(account);
      expect(await of.weightOf(account)).toBe(account);
      expect((await of.seat(account)).index).toBe(account);
    }
    for (const [sum, chunk] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ] as const)
      expect(await of.sumOf(sum, chunk)).toBe(`${sum}/${chunk}`);
  });

  it.each([
    ['nobody', [0n, 0n], false],
    ['the last trainer', [0n, 1n], true],
    ['the first', [5n, 0n], true],
    ['no trainer, where there is none', [], false],
  ])('tells whether anybody is suspected: %s', async (_, suspicions, isAnybody) => {
    const trainers = suspicions.map((_, at) => contract(at + 1));
    answers = {
      committeeOf: () => [trainers, [other]],
      suspicionOf: ([, trainer]) => suspicions[trainers.indexOf(trainer as Address)],
    };
    const of = open();
    expect(await of.isAnybodySuspected()).toBe(isAnybody);
    expect(await of.isAnybodySuspected()).toBe(isAnybody);
    expect(asked).toEqual([
      ['rounds.committeeOf', [3n], block(1)],
      ...trainers.map((trainer) => ['exclusions.suspicionOf', [3n, trainer], block(1)]),
    ]);
  });

  it('that failed is asked again, and says what failed', async () => {
    let failures = 1;
    answers = { surplus: () => (failures-- > 0 ? new Error('the node is away') : [member]) };
    const of = open();
    await expect(of.surplus()).rejects.toThrow('the node is away');
    expect(await of.surplus()).toEqual([member]);
  });

  it('of an alignment tells what it is proven against, and the round in which it was last proven', async () => {
    answers = {
      alignmentInputs: () => ['scale', [1n, 2n], ['a reference']],
      alignmentOf: () => ({ round: 6, seen: 3 }),
    };
    const of = open();
    expect(await of.alignmentInputs(7, member)).toEqual({ hUpdate: [1n, 2n], references: ['a reference'] });
    expect(await of.alignmentProvenIn(member)).toBe(6);
    expect(asked).toEqual([
      ['rounds.alignmentInputs', [3n, 7n, member], undefined],
      ['settlement.alignmentOf', [3n, member], undefined],
    ]);
  });
});

describe('what a task was posted with', () => {
  it('is asked once for good', async () => {
    const parameters = {
      metadata: '0x01',
      model: '0x02',
      preset: '0x03',
      normBound: 4n,
      probeNormBound: 5n,
      chunks: 6,
      threshold: 7,
      selector: selectors.indexOf('probe'),
      rounds: 9,
    };
    const deadlines = { keying: 10, submit: 11, inspect: 12, aggregate: 13, commit: 14, reveal: 15 };
    answers = { parametersOf: () => parameters, deadlinesOf: () => deadlines };
    const of = open();
    const { metadata, model, preset, chunks, threshold } = parameters;
    const terms = {
      ...{ metadata, model, preset, chunks, threshold, selector: 'probe' },
      normBounds: { update: 4n, probe: 5n },
      keyingDuration: 10,
      submitDuration: 11,
      inspectDuration: 12,
      aggregateDuration: 13,
      commitDuration: 14,
    };
    expect(await of.terms()).toEqual(terms);
    latest = block(2);
    expect(await of.terms()).toEqual(terms);
    expect(asked).toEqual([
      ['marketplace.parametersOf', [3n], undefined],
      ['marketplace.deadlinesOf', [3n], undefined],
    ]);
  });
});

describe('chain time', () => {
  it('of a block is asked once, and again where it could not be had; now is the time of the next block', async () => {
    const of = open();
    await expect(of.timeOf(13n)).rejects.toThrow('away');
    expect(await of.timeOf(13n)).toBe(1013n);
    expect(await of.timeOf(13n)).toBe(1013n);
    expect(await of.timeOf(14n)).toBe(1014n);
    expect(blocks).toEqual([13n, 13n, 14n]);
    expect(await of.time()).toBe(77n);
  });
});
