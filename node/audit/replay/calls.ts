// Which rule a transaction's call is played by. A call stands in the transaction itself only where it went
// straight to a contract of the deployment; of others the chain hands out no arguments.
import {
  bulletinAbi,
  type Deployment,
  disputesAbi,
  exclusionsAbi,
  keyRegistryAbi,
  marketplaceAbi,
  roles,
  roundsAbi,
  settlementAbi,
  validationAbi,
} from '@murmuration/contracts';
import { type Address, decodeFunctionData, type Hex } from 'viem';
import { advanceRound, advanceTask } from './advance.ts';
import { executeDispute, fileDispute, overturnDispute } from './disputes.ts';
import { confirmKey, deal, registerKeys, reject } from './epochs.ts';
import { type Place, placeOf } from './events.ts';
import { heldUntil, join, revealSecret, withdraw } from './membership.ts';
import { release } from './money.ts';
import { postTask, topUp } from './planner.ts';
import { type Play, Unknowable } from './play.ts';
import { proveAlignment } from './settlement.ts';
import { draw, leaveOut } from './sifting.ts';
import { cancelTask } from './stages.ts';
import { inspect, propose, submit, submitSum, voteToExclude } from './submissions.ts';
import { abstain, commitVote, revealVote } from './votes.ts';

/** A transaction as far as calls are read from it. */
export interface Sent {
  readonly to: Address | null;
  readonly input: Hex;
}

/**
 * Plays the call of a transaction. @throws Refused where the rules refuse it, Unknowable where it cannot be
 * judged.
 */
export function playCall(deployment: Deployment, play: Play, { to, input: data }: Sent): void {
  const place = to === null ? undefined : placeOf(deployment, to);
  const player = place && players[place];
  if (!player) throw new Unknowable('the call went through a contract that is none of the deployment');
  player({ play, data, deployment });
}

/** A call with all that it is played by. */
interface Calling {
  readonly play: Play;
  readonly data: Hex;
  readonly deployment: Deployment;
}

const unread = (name: string): never => {
  throw new Unknowable(`no rule of this version is for ${name}`);
};

const players: Partial<Record<Place, (calling: Calling) => void>> = {
  marketplace({ play, data }) {
    const call = decodeFunctionData({ abi: marketplaceAbi, data });
    switch (call.functionName) {
      case 'post': {
        const [parameters, economics, rules, deadlines] = call.args;
        return postTask(play, { parameters, economics, rules, deadlines });
      }
      case 'topUp':
        return topUp(play, call.args[1]);
      case 'cancel':
        play.need(
          play.book.status === 'open' && play.sender === play.book.planner,
          'it may not be cancelled',
        );
        return cancelTask(play);
      case 'join': {
        const [, role, weight, stake, , , entropy] = call.args;
        return join(play, roles[role]!, { weight, stake, entropy });
      }
      case 'withdrawApplication':
        return withdraw(play);
      case 'revealSecret':
        return revealSecret(play, call.args[1]);
      case 'advance':
        return advanceTask(play);
      case 'release': {
        const account = call.args[1];
        const until = heldUntil(play, account);
        const isFree = until !== undefined && play.moment.time >= until;
        play.need(isFree, `the stake of ${account} was still held`);
        return release(play, account);
      }
      default:
        return unread(call.functionName);
    }
  },
  keys({ play, data, deployment }) {
    const call = decodeFunctionData({ abi: keyRegistryAbi, data });
    switch (call.functionName) {
      case 'registerKeys': {
        const domain = { chainId: deployment.chainId, contract: deployment.keys };
        return registerKeys(play, call.args[0], { domain, signature: call.args[1] });
      }
      case 'deal':
        return deal(play, call.args[1], call.args[2]);
      case 'reject':
        return reject(play, call.args[1], call.args[2]);
      case 'confirmKey':
        return confirmKey(play, call.args[1], call.args[2]);
      default:
        return unread(call.functionName);
    }
  },
  rounds({ play, data }) {
    const call = decodeFunctionData({ abi: roundsAbi, data });
    switch (call.functionName) {
      case 'propose':
        return propose(play, call.args[1], call.args[2]);
      case 'submitUpdate':
      case 'submitProbe': {
        const [, round, basis, chunks] = call.args;
        return submit(play, call.functionName === 'submitUpdate' ? 'update' : 'probe', {
          round,
          basis,
          chunks,
        });
      }
      case 'inspect':
        return inspect(play, call.args[1]);
      case 'submitAggregate': {
        const [, round, sum, basis, chunks] = call.args;
        return submitSum(play, { round, sum: Number(sum), basis, chunks });
      }
      case 'advance':
        return advanceRound(play);
      default:
        return unread(call.functionName);
    }
  },
  exclusions({ play, data }) {
    const call = decodeFunctionData({ abi: exclusionsAbi, data });
    switch (call.functionName) {
      case 'voteToExclude': {
        const [, round, account, commitments] = call.args;
        return voteToExclude(play, { round, account, commitments });
      }
      case 'draw':
        return draw(play, call.args[1]);
      case 'leaveOut': {
        const [, round, account, commitments] = call.args;
        return leaveOut(play, { round, account, commitments });
      }
      default:
        return unread(call.functionName);
    }
  },
  validation({ play, data }) {
    const call = decodeFunctionData({ abi: validationAbi, data });
    switch (call.functionName) {
      case 'commitVote':
        return commitVote(play, { round: call.args[1], basis: call.args[2], commitment: call.args[3] });
      case 'abstain':
        return abstain(play, call.args[1]);
      case 'revealVote':
        return revealVote(play, { round: call.args[1], judgement: call.args[2], salt: call.args[3] });
      default:
        return unread(call.functionName);
    }
  },
  settlement({ play, data }) {
    const call = decodeFunctionData({ abi: settlementAbi, data });
    if (call.functionName !== 'proveAlignment') return unread(call.functionName);
    const [, round, trainer, basis, references, chunks] = call.args;
    return proveAlignment(play, { round, trainer, basis, references, chunks });
  },
  disputes({ play, data, deployment }) {
    const domain = { chainId: deployment.chainId, contract: deployment.disputes };
    const call = decodeFunctionData({ abi: disputesAbi, data });
    switch (call.functionName) {
      case 'file':
        return fileDispute(play, call.args[0], { domain, signers: call.args[1], signatures: call.args[2] });
      case 'overturn':
        return overturnDispute(play, call.args[0], {
          domain,
          signers: call.args[1],
          signatures: call.args[2],
        });
      case 'execute':
        return executeDispute(play, call.args[0]);
      default:
        return unread(call.functionName);
    }
  },
  bulletin({ play, data }) {
    const call = decodeFunctionData({ abi: bulletinAbi, data });
    if (call.functionName !== 'post') return unread(call.functionName);
    const [task, topic, digest] = call.args;
    play.emit('Posted', { task, sender: play.sender, topic, digest });
  },
};
