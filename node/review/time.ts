// Phases: whether an honest member can do its duty in time, since who is late is slashed.
import type { Deadlines, TaskParameters } from '@murmuration/contracts';
import { type PresetName, presetNames } from '@murmuration/core';
import { presets } from '@murmuration/prover';
import type { Rule } from './finding.ts';

/**
 * Seconds that a chunk takes: proof and encryption of an update, the proofs of both sums, an alignment. Measured on
 * two cores that others used, too (prover/README.md, "Measured"; he/README.md); `tiny` and `wide` by their size.
 */
const chunkSeconds: Readonly<
  Record<PresetName, Readonly<Record<'submit' | 'aggregate' | 'settle', number>>>
> = {
  tiny: { submit: 0.2, aggregate: 0.2, settle: 0.2 },
  quick: { submit: 0.3, aggregate: 0.6, settle: 0.4 },
  base: { submit: 0.6, aggregate: 1.6, settle: 1.2 },
  wide: { submit: 1.2, aggregate: 3.2, settle: 2.4 },
};

/** Seconds that a member who inspects or decrypts needs for a chunk of one update or probe: fetched, its proof checked, added. */
const readSeconds = 0.02;
/** Parts of the Aggregate phase: whoever is asked in one of them has that long (docs/protocol.md, section 9). */
const windows = 4;
/** A hospital's machine and network may be as much slower, and training comes on top. */
const margin = 10;
/** Five blocks of confirmation, a transaction and a look every few seconds. */
const leastPhase = 60;
const duringRounds = ['support', 'submit', 'inspect', 'aggregate', 'commit', 'reveal', 'settle'] as const;
type RoundPhase = (typeof duringRounds)[number] & keyof Deadlines;
const leastAppeal = 86_400;

/** Seconds of a phase that computing takes on the machine that was measured; 0 for a preset that is not known. */
function workOf(
  { preset: id, chunks, maxTrainers, maxValidators }: TaskParameters,
  phase: RoundPhase,
): number {
  const reads = chunks * readSeconds * (maxTrainers + maxValidators);
  // What is missing may come in the first half of the phase: the second is left for reading it.
  if (phase === 'inspect') return 2 * reads;
  const preset = presetNames.find((name) => presets[name].id === id);
  if (!preset || !Object.hasOwn(chunkSeconds[preset], phase)) return 0;
  const proofs = chunkSeconds[preset][phase as keyof (typeof chunkSeconds)[PresetName]];
  return chunks * proofs + (phase === 'aggregate' ? windows * reads : 0);
}

const phaseTooShort: Rule = {
  name: 'phase-too-short',
  find({ parameters, deadlines }) {
    const least = (phase: RoundPhase) => Math.max(leastPhase, Math.ceil(margin * workOf(parameters, phase)));
    const short = duringRounds.filter((phase) => deadlines[phase] < least(phase));
    if (short.length === 0) return undefined;
    return {
      severity: short.some((phase) => deadlines[phase] < workOf(parameters, phase)) ? 'danger' : 'warning',
      says:
        'Who is late is slashed, and these phases leave little time for proofs, downloads and blocks: ' +
        `${short.map((phase) => `${phase} ${deadlines[phase]} s`).join(', ')}.`,
      mend: `Set ${short.map((phase) => `${phase} to ${least(phase)}`).join(', ')} seconds or more.`,
    };
  },
};

const appealShort: Rule = {
  name: 'appeal-short',
  find({ deadlines: { appeal } }) {
    if (appeal >= leastAppeal) return undefined;
    return {
      severity: 'warning',
      says:
        `An accused member has ${appeal} seconds to be heard before its stake is taken, and after the task all leave ` +
        'as soon, so that nothing found later can be held against them.',
      mend: `Set appeal to ${leastAppeal} seconds, a day, or more.`,
    };
  },
};

/** Rules on time. */
export const timeRules: readonly Rule[] = [phaseTooShort, appealShort];
