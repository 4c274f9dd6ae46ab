// Seats, threshold and weights: who could read a single trainer's update, and who could stop the task.
import { zeroHash } from 'viem';
import { coordinatesOf, fewestLive } from '../compress/index.ts';
import { NodeError } from '../errors.ts';
import { checkWeights, chunkShapes } from '../protocol/index.ts';
import type { ReviewedTask, Rule } from './finding.ts';

/** Below as many there are fewer than three groups of validators: one that lies moves the pay, and nobody is struck. */
const soundValidators = 6;

/** Half of the trainers, or fewer, can decrypt. */
const thresholdLow: Rule = {
  name: 'threshold-low',
  find({ parameters: { threshold, maxTrainers } }) {
    if (2 * threshold > maxTrainers) return undefined;
    return {
      severity: 'danger',
      says:
        `Any ${threshold} of the ${maxTrainers} trainers together can decrypt each single trainer's update: half ` +
        'of them or fewer are enough.',
      mend: `Set the threshold to ${Math.floor(maxTrainers / 2) + 1}, more than half of the seats.`,
    };
  },
};

/** Hardly anybody may be absent. */
const thresholdHigh: Rule = {
  name: 'threshold-high',
  find({ parameters: { threshold, maxTrainers } }) {
    const spare = Math.max(1, Math.ceil(maxTrainers / 4));
    const absent = maxTrainers - threshold;
    if (absent >= spare) return undefined;
    const [least, most] = [Math.floor(maxTrainers / 2) + 1, maxTrainers - spare];
    return {
      severity: 'warning',
      says:
        `It takes ${threshold} of the ${maxTrainers} trainers to open a sum: a round fails as soon as ` +
        `${absent + 1} of them ${absent === 0 ? 'is' : 'are'} absent or at fault.`,
      mend:
        least > most
          ? 'Take more trainers: so few cannot spare any.'
          : `Set the threshold to ${least === most ? least : `${least} to ${most}`}.`,
    };
  },
};

/** A sum may hold one honest update alone. */
const loneUpdate: Rule = {
  name: 'lone-update',
  find({ parameters: { threshold, minTrainers } }) {
    if (minTrainers > threshold) return undefined;
    const colluders = minTrainers - 1;
    return {
      severity: minTrainers === 2 ? 'danger' : 'warning',
      says:
        `A round may be the sum of ${minTrainers} updates. ${colluders === 1 ? 'One' : colluders} of these trainers, ` +
        `too few to decrypt, ${colluders === 1 ? 'subtracts its own and has' : 'together subtract theirs and have'} ` +
        'the update of the last one.',
      mend: `Ask for ${threshold + 1} trainers at least, one more than the threshold.`,
    };
  },
};

/**
 * Most rounds that one trainer with wrong ciphertexts voids before rounds go on without it; undefined where nobody can
 * be left out (docs/decisions/0054-sifting.md).
 */
export function roundsVoidedByOne({
  minTrainers,
  maxTrainers,
}: Pick<ReviewedTask['parameters'], 'minTrainers' | 'maxTrainers'>): number | undefined {
  const spare = maxTrainers - minTrainers;
  return spare > 0 ? Math.ceil(maxTrainers / spare) : undefined;
}

/** Nobody can be left out of a sum, or one at a time alone. */
const nobodyToLeaveOut: Rule = {
  name: 'nobody-to-leave-out',
  find({ parameters }) {
    const { minTrainers, maxTrainers } = parameters;
    const voided = roundsVoidedByOne(parameters);
    const seats = `Have two seats more than trainers that a round needs at least: ${minTrainers + 2}.`;
    if (voided === undefined)
      return {
        severity: 'warning',
        says:
          `A round needs all ${maxTrainers} trainers. One that encrypts something else than it proves keeps every ` +
          'round from counting, and loses nothing but its pay.',
        mend: seats,
      };
    if (maxTrainers - minTrainers > 1) return undefined;
    return {
      severity: 'note',
      says:
        'One trainer can be left out of a round. One that encrypts something else than it proves keeps up to ' +
        `${voided} rounds from counting before it is; two keep all.`,
      mend: seats,
    };
  },
};

const fewValidators: Rule = {
  name: 'few-validators',
  find({ parameters: { minValidators } }) {
    if (minValidators >= soundValidators) return undefined;
    return {
      severity: 'warning',
      says:
        `The task may run with ${minValidators} validators. With fewer than ${soundValidators}, one that lies can ` +
        `${minValidators < 4 ? 'decide who is paid' : 'keep everybody from being paid'}, and trainers that harm the ` +
        'model are not struck.',
      mend: `Ask for ${soundValidators} validators at least, each of another institution.`,
    };
  },
};

const openToAll: Rule = {
  name: 'open-to-all',
  find({ parameters: { members } }) {
    if (members !== zeroHash) return undefined;
    return {
      severity: 'note',
      says:
        'Anybody may join. One party with several accounts has several seats, several votes and several shares of ' +
        'the reward, also on one set of data; it may be most of the trainers, and decrypt.',
      mend: 'Where the parties know each other, post the task with an allow-list.',
    };
  },
};

const weightsApart: Rule = {
  name: 'weights-apart',
  find({ members = [] }) {
    const weights = members.filter(({ role }) => role === 'trainer').map(({ weight }) => weight);
    if (weights.length < 2) return undefined;
    try {
      checkWeights('the task', weights);
      return undefined;
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      return {
        severity: 'danger',
        says: `Trainers refuse to make a key: ${error.message}.`,
        mend: error.mend!,
      };
    }
  },
};

/** The last chunk of a round holds so little that no sender sends it. */
const thinChunk: Rule = {
  name: 'thin-chunk',
  find({ parameters, description }) {
    if (!description) return undefined;
    const { coordinatesPerChunk } = chunkShapes[description.preset];
    const { compression } = description;
    const carried = coordinatesOf(compression, {
      round: compression.warmup.length,
      size: parameters.modelSize,
      coordinatesPerChunk,
    });
    const used = Math.ceil(carried / coordinatesPerChunk);
    const last = carried - (used - 1) * coordinatesPerChunk;
    if (used === compression.chunks && last >= fewestLive(carried)) return undefined;
    return {
      severity: 'warning',
      says:
        `A round carries ${carried} coordinates in ${compression.chunks} chunks of ${coordinatesPerChunk}: ` +
        `${used < compression.chunks ? 'some are' : 'the last is'} too empty to be sent, but each costs a proof.`,
      mend: `Describe ${Math.max(1, last >= fewestLive(carried) ? used : used - 1)} chunks, or change the density.`,
    };
  },
};

/** Rules on seats. */
export const seatRules: readonly Rule[] = [
  thresholdLow,
  thresholdHigh,
  loneUpdate,
  nobodyToLeaveOut,
  fewValidators,
  openToAll,
  weightsApart,
  thinChunk,
];
