// `murmur simulate`.
import { flag, saying, withDefault, withShown } from '../../command/flag.ts';
import { demonstration, json, seed, selector } from '../../command/flags.ts';
import { oneOf, path, share, someOf, whole } from '../../command/rules.ts';
import { action } from '../../command/verb.ts';

/** The names are written out here: asking for help must not load the learning. A test compares them. */
export const behaviours = [
  'noise',
  'opposite',
  'label-flip',
  'backdoor',
  'replay-aggregate',
  'replay-probe',
  'ridge',
  'ridge-innovation',
  'ridge-wide',
  'lazy',
  'on-off',
  'idle',
  'sybil',
  'leak',
  'grab',
  'grab-veto-ridge',
  'target',
  'shield',
  'refused',
] as const;

export const simulate = action({
  summary: 'learning and rewards alone, without proofs and encryption',
  details: `Runs the federation's learning, compression, scoring and rewards without proofs, encryption and
    network, and draws what the incentives do. It is a simulation: nothing is proven.`,
  flags: {
    rounds: withDefault(demonstration.rounds, 40),
    trainers: withDefault(
      flag('N', 'trainers; the last one is left-handed: its digits are mirrored', whole(2, 64)),
      5,
    ),
    validators: withDefault(flag('N', 'validators', whole(2, 32)), 6),
    seed: saying(seed, 'decides data, batches and rounding'),
    adversary: withDefault(
      flag(
        'KINDS',
        `what the last but one does, the one before and so on: ${behaviours.join(', ')}; with commas between`,
        someOf(...behaviours),
      ),
      (): (typeof behaviours)[number][] => [],
      'nobody cheats',
    ),
    corrupt: withDefault(flag('N', 'validators that work for the first', whole(0, 32)), 0),
    corruptVotes: withDefault(
      flag('HOW', 'what those vote: honest, for or against', oneOf('honest', 'for', 'against')),
      'honest',
    ),
    selector: withDefault(selector, 'leader'),
    density: withShown(flag('X', 'share of the model a round carries', share), 'one chunk'),
    partition: withDefault(
      flag('HOW', 'how digits are dealt: even or by-label', oneOf('even', 'by-label')),
      'even',
    ),
    reference: withDefault(
      flag(
        'WHAT',
        "score against the validators' probes, or, to see why not, against the updates' sum",
        oneOf('probe', 'sum'),
      ),
      'probe',
    ),
    preset: withDefault(demonstration.preset, 'quick'),
    out: withDefault(flag('FOLDER', 'write report.html and report.json there', path), 'build/simulation'),
    json: saying(json, 'print the report as JSON instead of the drawing'),
  },
  examples: ['murmur simulate --adversary ridge', 'murmur simulate --adversary grab,noise --corrupt 1'],
  run: async (settings) => (await import('./run.ts')).runSimulation(settings),
});
