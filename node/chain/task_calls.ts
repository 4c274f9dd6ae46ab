// What an account can do in a task: each call states its basis, and one that was made already counts as done.
import {
  bulletinAbi,
  type Deployment,
  disputesAbi,
  exclusionsAbi,
  keyRegistryAbi,
  marketplaceAbi,
  roundsAbi,
  settlementAbi,
  validationAbi,
} from '@murmuration/contracts';
import type { Abi, Address, Hex } from 'viem';
import { NodeError } from '../errors.ts';
import {
  basisOfAlignment,
  basisOfSum,
  keyRegistrationData,
  topicOf,
  voteCommitment,
} from '../protocol/index.ts';
import { type Call, type CallName, KnownInvalid, Reverted } from './call.ts';
import type { Sender } from './sender.ts';
import type { SignerOf, TaskCalls, TaskViews } from './task_chain.ts';

/** Who calls, in which task of which deployment. */
export interface CallSettings {
  readonly sender: Sender;
  readonly deployment: Deployment;
  readonly task: bigint;
  /** Tells where the task stands. */
  readonly state: TaskViews['state'];
  /** Told of every transaction that was mined. */
  onTransaction(call: string, gas: bigint): void;
}

/**
 * What the contracts answer to a call that this account, or for a sum another prover, has made already; and to a vote to
 * exclude what others have excluded.
 */
const done: ReadonlySet<string> = new Set([
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
]);

/** The calls of a task. */
export function createTaskCalls(settings: CallSettings): TaskCalls {
  const { sender, deployment, task, state, onTransaction } = settings;
  const { account } = sender;
  const bulletin = { address: deployment.bulletin, abi: bulletinAbi } as const;
  const disputes = { address: deployment.disputes, abi: disputesAbi } as const;
  const exclusions = { address: deployment.exclusions, abi: exclusionsAbi } as const;
  const keyRegistry = { address: deployment.keys, abi: keyRegistryAbi } as const;
  const marketplace = { address: deployment.marketplace, abi: marketplaceAbi } as const;
  const rounds = { address: deployment.rounds, abi: roundsAbi } as const;
  const settlement = { address: deployment.settlement, abi: settlementAbi } as const;
  const validation = { address: deployment.validation, abi: validationAbi } as const;

  async function send<const Contract extends Abi, Name extends CallName<Contract>>(
    call: Call<Contract, Name>,
    spare?: bigint,
  ): Promise<void> {
    await sendOnce(call, spare);
  }

  /** Resolves to the wei that the call cost; undefined where it was made already. */
  async function sendOnce<const Contract extends Abi, Name extends CallName<Contract>>(
    call: Call<Contract, Name>,
    spare?: bigint,
  ): Promise<bigint | undefined> {
    try {
      const { gasUsed, effectiveGasPrice } = await sender.send(call, spare);
      onTransaction(call.functionName, gasUsed);
      return gasUsed * effectiveGasPrice;
    } catch (error) {
      // The call was made by a process that was killed before it heard of it, or is not seen yet behind the
      // confirmations.
      if (error instanceof Reverted && done.has(error.error ?? '')) return undefined;
      if (error instanceof KnownInvalid) throw ownProofFails(error, account.address);
      throw error;
    }
  }

  return {
    revealSecret: (secret) => send({ ...marketplace, functionName: 'revealSecret', args: [task, secret] }),

    async registerKeys(epoch, keys) {
      const { signTypedData } = account;
      if (!signTypedData) throw new NodeError('input', `account ${account.address} cannot sign here`);
      const registration = { task, epoch, account: account.address, ...keys };
      const domain = { chainId: deployment.chainId, contract: deployment.keys };
      const signature = await signTypedData(keyRegistrationData(domain, registration));
      await send({ ...keyRegistry, functionName: 'registerKeys', args: [registration, signature] });
    },

    deal: (epoch, digest) =>
      send({ ...keyRegistry, functionName: 'deal', args: [task, BigInt(epoch), digest] }),

    reject: (epoch, trainer) =>
      send({ ...keyRegistry, functionName: 'reject', args: [task, BigInt(epoch), trainer] }),

    confirmKey: (epoch, key) =>
      send({ ...keyRegistry, functionName: 'confirmKey', args: [task, BigInt(epoch), key] }),

    announce: (kind, number, digest) =>
      send({ ...bulletin, functionName: 'post', args: [task, topicOf(kind, number), digest] }),

    propose: (round, digest) =>
      send({ ...rounds, functionName: 'propose', args: [task, BigInt(round), digest] }),

    submit(subject, { round, basis, chunks }) {
      const args = [task, BigInt(round), basis, chunks] as const;
      return subject === 'update'
        ? send({ ...rounds, functionName: 'submitUpdate', args })
        : send({ ...rounds, functionName: 'submitProbe', args });
    },

    voteToExclude(round, { sender, commitments }) {
      const args = [task, BigInt(round), sender, commitments] as const;
      return send({ ...exclusions, functionName: 'voteToExclude', args }, gasToExclude(commitments.length));
    },

    draw: (round) =>
      whereDue('NotDrawn', () => send({ ...exclusions, functionName: 'draw', args: [task, BigInt(round)] })),

    leaveOut(round, { sender, commitments }) {
      const args = [task, BigInt(round), sender, commitments] as const;
      return whereDue('NotLeftOut', () => send({ ...exclusions, functionName: 'leaveOut', args }));
    },

    inspect: (round) => send({ ...rounds, functionName: 'inspect', args: [task, BigInt(round)] }),

    submitSum(sum, { round, totals, chunks }) {
      const args = [task, BigInt(round), BigInt(sum), basisOfSum(totals), chunks] as const;
      return sendOnce({ ...rounds, functionName: 'submitAggregate', args });
    },

    commitVote(round, vote) {
      const commitment = voteCommitment({ task, round, validator: account.address }, vote);
      const args = [task, BigInt(round), vote.basis, commitment] as const;
      return send({ ...validation, functionName: 'commitVote', args });
    },

    abstain: (round) => send({ ...validation, functionName: 'abstain', args: [task, BigInt(round)] }),

    revealVote(round, { model, references, quality, before, salt }) {
      const judgement = { model, references, quality, qualityBefore: before };
      const args = [task, BigInt(round), judgement, salt] as const;
      return send({ ...validation, functionName: 'revealVote', args });
    },

    proveAlignment({ round, trainer, inputs, points, chunks }) {
      const args = [task, BigInt(round), trainer, basisOfAlignment(inputs), points, chunks] as const;
      return send({ ...settlement, functionName: 'proveAlignment', args });
    },

    fileDispute(accusation, signed) {
      const args = [accusation, ...apart(signed)] as const;
      return send({ ...disputes, functionName: 'file', args });
    },

    executeDispute: (id) => send({ ...disputes, functionName: 'execute', args: [id] }),

    overturnDispute: (id, signed) =>
      send({ ...disputes, functionName: 'overturn', args: [id, ...apart(signed)] }),

    async gasToAdvance(status) {
      const args = [task] as const;
      try {
        return status === 'running'
          ? await sender.estimate({ ...rounds, functionName: 'advance', args })
          : await sender.estimate({ ...marketplace, functionName: 'advance', args });
      } catch (error) {
        if (error instanceof Reverted) return undefined;
        throw error;
      }
    },

    async advance() {
      const { status } = await state();
      if (status === 'ended' || status === 'cancelled') return false;
      const args = [task] as const;
      try {
        if (status === 'running') await send({ ...rounds, functionName: 'advance', args });
        else await send({ ...marketplace, functionName: 'advance', args });
        return true;
      } catch (error) {
        if (error instanceof Reverted) return false;
        throw error;
      }
    },
  };
}

/** Whether a call was due: false where the contract answers that it is not, or not yet, or not any more. */
async function whereDue(refusal: string, call: () => Promise<void>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (error instanceof Reverted && error.error === refusal) return false;
    throw error;
  }
}

/**
 * What a vote costs more that turns out to be the one that excludes, since another validator's landed first:
 * the others of the sum are counted, the author is slashed and perhaps ejected, each chunk's sum is written
 * anew. `GasTest` measures the dearest. What is not used is not paid.
 */
const gasToExclude = (chunks: number): bigint => 500_000n + 30_000n * BigInt(chunks);

/** The calls of a task that answer false are those that carry proofs of their author's own. */
function ownProofFails(cause: KnownInvalid, account: Address): KnownInvalid {
  return new KnownInvalid(cause.call, {
    message:
      `${cause.call} was NOT sent: a proof that ${account} made itself does not verify against this deployment; ` +
      'the contract would record it as invalid and slash its stake',
    mend:
      'Take no further part until `murmur deployment verify` passes with the --keys that this role runs with; ' +
      'where it passes, report a bug.',
    cause,
  });
}

/** Signers, ascending as the contract wants them, and their signatures. */
function apart(signed: readonly SignerOf[]): readonly [Address[], Hex[]] {
  const ascending = [...signed].sort((a, b) => (a.signer.toLowerCase() < b.signer.toLowerCase() ? -1 : 1));
  return [ascending.map(({ signer }) => signer), ascending.map(({ signature }) => signature)];
}
