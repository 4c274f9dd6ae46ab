// `TaskChain` over JSON-RPC with viem.

import {
  bulletinAbi,
  type Deployment,
  keyRegistryAbi,
  marketplaceAbi,
  roundsAbi,
  settlementAbi,
  validationAbi,
} from '@murmuration/contracts';
import type { Abi, Account, Address, Hex, PublicClient } from 'viem';
import { basisOfAlignment, basisOfSum } from '../protocol/basis.ts';
import { topicOf } from '../protocol/topics.ts';
import { type Cursor, catchUp, DeepReorganisation, type FollowSettings } from './follow.ts';
import { emptyJournal, enter, type Journal, phases, standings, subjects } from './journal.ts';
import { Reverted, type Sender } from './sender.ts';
import {
  type SeatView,
  type Stage,
  type TaskChain,
  type TaskState,
  type TaskTerms,
  taskStatuses,
} from './task_chain.ts';

export interface TaskChainSettings {
  client: PublicClient;
  sender: Sender;
  deployment: Deployment;
  task: bigint;
  follow: FollowSettings;
  /** Told of every transaction that was mined. */
  onTransaction(call: string, gas: bigint): void;
}

/** What the contracts answer to a call that has become needless: this account, or for a sum another prover, has made it already. */
const done: ReadonlySet<string> = new Set([
  'AlreadyRegistered',
  'AlreadyConfirmed',
  'AlreadyRevealed',
  'AlreadyDone',
  'AlreadyProven',
  'SumAlreadyProven',
]);

/** A task on the chain of a deployment, for the sender's account. */
export function createTaskChain(settings: TaskChainSettings): TaskChain {
  const { client, sender, deployment, task, follow, onTransaction } = settings;
  const account: Account = sender.account;
  const watched = [
    deployment.bulletin,
    deployment.marketplace,
    deployment.keys,
    deployment.rounds,
    deployment.validation,
    deployment.settlement,
    deployment.vault,
  ];
  let journal: Journal = emptyJournal();
  let cursor: Cursor = { next: BigInt(deployment.fromBlock), hash: null };
  let known: TaskTerms | undefined;
  let reading: Promise<void> | undefined;

  async function read(): Promise<void> {
    try {
      cursor = await catchUp(
        client,
        watched,
        cursor,
        async (logs, after) => {
          enter(journal, task, logs);
          cursor = after;
        },
        follow,
      );
    } catch (error) {
      if (!(error instanceof DeepReorganisation)) throw error;
      // The journal is nothing but the logs: begin again.
      journal = emptyJournal();
      cursor = { next: BigInt(deployment.fromBlock), hash: null };
      throw error;
    }
  }

  async function send(
    address: Address,
    abi: Abi,
    functionName: string,
    args: readonly unknown[],
  ): Promise<void> {
    try {
      const { gasUsed } = await sender.send({ address, abi, functionName, args });
      onTransaction(functionName, gasUsed);
    } catch (error) {
      // Done already, by a process that was killed before it heard of it, or unseen behind the confirmations.
      if (error instanceof Reverted && done.has(error.error ?? '')) return;
      throw error;
    }
  }

  const rounds = { address: deployment.rounds, abi: roundsAbi } as const;
  const marketplace = { address: deployment.marketplace, abi: marketplaceAbi } as const;

  const chain: TaskChain = {
    chainId: deployment.chainId,
    task,
    account: account.address,
    rounds: deployment.rounds,
    marketplace: deployment.marketplace,
    get journal() {
      return journal;
    },
    get height() {
      return cursor.next;
    },

    refresh() {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    },

    async terms() {
      if (known) return known;
      const [parameters, deadlines] = await Promise.all([
        client.readContract({ ...marketplace, functionName: 'parametersOf', args: [task] }),
        client.readContract({ ...marketplace, functionName: 'deadlinesOf', args: [task] }),
      ]);
      const { metadata, model, preset, normBound, chunks, threshold, selector } = parameters;
      known = {
        metadata,
        model,
        preset,
        normBound,
        chunks,
        threshold,
        selector: selector === 0 ? 'probe' : 'leader',
        submitDuration: deadlines.submit,
        aggregateDuration: deadlines.aggregate,
      };
      return known;
    },

    async state(): Promise<TaskState> {
      const { status, deadline, epoch } = await client.readContract({
        ...marketplace,
        functionName: 'stateOf',
        args: [task],
      });
      return { status: taskStatuses[status]!, deadline, epoch };
    },

    async stage(): Promise<Stage> {
      const stage = await client.readContract({ ...rounds, functionName: 'stageOf', args: [task] });
      return {
        round: stage.number,
        phase: phases[stage.phase]!,
        deadline: stage.deadline,
        weight: stage.weight,
        probes: stage.acceptedProbes,
        proven: { update: stage.updateSumProven, probe: stage.probeSumProven },
      };
    },

    async seat(member): Promise<SeatView> {
      const [seat, vote] = await Promise.all([
        client.readContract({ ...rounds, functionName: 'seatOf', args: [task, member] }),
        client.readContract({
          address: deployment.validation,
          abi: validationAbi,
          functionName: 'voteOf',
          args: [task, member],
        }),
      ]);
      return {
        index: seat.index,
        standing: standings[seat.standing]!,
        proposedIn: seat.proposedIn,
        submittedIn: seat.submittedIn,
        accepted: seat.accepted,
        committedIn: vote.committedIn,
        revealedIn: vote.revealedIn,
      };
    },

    sumOf: (subject, chunk) =>
      client.readContract({
        ...rounds,
        functionName: 'sumOf',
        args: [task, subjects.indexOf(subject), BigInt(chunk)],
      }),

    async alignmentInputs(round, trainer) {
      const [, hUpdate, hReference] = await client.readContract({
        ...rounds,
        functionName: 'alignmentInputs',
        args: [task, BigInt(round), trainer],
      });
      return { hUpdate, hReference };
    },

    async alignmentProvenIn(trainer) {
      const { round } = await client.readContract({
        address: deployment.settlement,
        abi: settlementAbi,
        functionName: 'alignmentOf',
        args: [task, trainer],
      });
      return round;
    },

    revealSecret: (secret) => send(deployment.marketplace, marketplaceAbi, 'revealSecret', [task, secret]),

    async registerKeys(epoch, keys) {
      const message = { task, epoch, account: account.address, ...keys };
      const signature = await account.signTypedData!({
        domain: {
          name: 'Murmuration KeyRegistry',
          version: '1',
          chainId: deployment.chainId,
          verifyingContract: deployment.keys,
        },
        types: {
          KeyRegistration: [
            { name: 'task', type: 'uint256' },
            { name: 'epoch', type: 'uint32' },
            { name: 'account', type: 'address' },
            { name: 'peer', type: 'bytes' },
            { name: 'sealingKey', type: 'bytes32' },
            { name: 'keyShare', type: 'bytes32' },
          ],
        },
        primaryType: 'KeyRegistration',
        message,
      });
      await send(deployment.keys, keyRegistryAbi, 'registerKeys', [message, signature]);
    },

    confirmKey: (epoch, key) =>
      send(deployment.keys, keyRegistryAbi, 'confirmKey', [task, BigInt(epoch), key]),
    post: (kind, number, digest) =>
      send(deployment.bulletin, bulletinAbi, 'post', [task, topicOf(kind, number), digest]),
    propose: (round, digest) => send(deployment.rounds, roundsAbi, 'propose', [task, BigInt(round), digest]),
    submit: (subject, round, basis, chunks) =>
      send(deployment.rounds, roundsAbi, subject === 'update' ? 'submitUpdate' : 'submitProbe', [
        task,
        BigInt(round),
        basis,
        chunks,
      ]),
    submitSum: (subject, round, totals, chunks) =>
      send(deployment.rounds, roundsAbi, 'submitAggregate', [
        task,
        BigInt(round),
        subjects.indexOf(subject),
        basisOfSum(totals),
        chunks,
      ]),

    async commitVote(round, { basis, model, quality, before, salt }) {
      const commitment: Hex = await client.readContract({
        address: deployment.validation,
        abi: validationAbi,
        functionName: 'voteCommitment',
        args: [task, BigInt(round), account.address, model, quality, before, salt],
      });
      await send(deployment.validation, validationAbi, 'commitVote', [
        task,
        BigInt(round),
        basis,
        commitment,
      ]);
    },
    revealVote: (round, { model, quality, before, salt }) =>
      send(deployment.validation, validationAbi, 'revealVote', [
        task,
        BigInt(round),
        model,
        quality,
        before,
        salt,
      ]),
    proveAlignment: (round, trainer, inputs, chunks) =>
      send(deployment.settlement, settlementAbi, 'proveAlignment', [
        task,
        BigInt(round),
        trainer,
        basisOfAlignment(inputs),
        chunks,
      ]),

    async advance() {
      const { status } = await chain.state();
      const [address, abi] =
        status === 'running' ? [deployment.rounds, roundsAbi] : [deployment.marketplace, marketplaceAbi];
      if (status === 'ended' || status === 'cancelled') return false;
      try {
        await send(address, abi as Abi, 'advance', [task]);
        return true;
      } catch (error) {
        if (error instanceof Reverted) return false;
        throw error;
      }
    },
  };
  return chain;
}
