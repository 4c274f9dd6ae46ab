// `murmur simulate`.
import { flag, saying, withDefault, withShown } from '../../command/flag.ts';
import { demonstration, json } from '../../command/flags.ts';
import { oneOf, path, share, whole } from '../../command/rules.ts';
import { action } from '../../command/verb.ts';

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
    validators: withDefault(flag('N', 'validators', whole(2, 32)), 3),
    seed: saying(demonstration.seed, 'decides data, batches and rounding'),
    adversary: withDefault(
      flag(
        'KIND',
        'what the last but one does: honest, noise, opposite or replay',
        oneOf('honest', 'noise', 'opposite', 'replay'),
      ),
      'honest',
    ),
    selector: withDefault(
      flag('NAME', 'who proposes the coordinates: leader or probe', oneOf('probe', 'leader')),
      'leader',
    ),
    density: withShown(flag('X', 'share of the model a round carries', share), 'one chunk'),
    partition: withDefault(
      flag('HOW', 'how digits are dealt: even or by-label', oneOf('even', 'by-label')),
      'even',
    ),
    reference: withDefault(
      flag(
        'WHAT',
        "score against the validators' probe, or, to see why not, against the sum",
        oneOf('probe', 'sum'),
      ),
      'probe',
    ),
    preset: withDefault(demonstration.preset, 'quick'),
    out: withDefault(flag('FOLDER', 'write report.html and report.json there', path), 'build/simulation'),
    json: saying(json, 'print the report as JSON instead of the drawing'),
  },
  examples: ['murmur simulate --adversary noise', 'murmur simulate --reference sum --adversary noise'],
  run: async (settings) => (await import('./run.ts')).runSimulation(settings),
});
