// A simulation as a report: the page is the federation's, and says that it is a simulation.
import { token } from '../protocol/index.ts';
import { completeReport, type Report } from '../report/index.ts';
import type { Simulation } from './simulate.ts';

const tokens = (amount: bigint): number => Number((amount * 1_000_000n) / token) / 1e6;

/** The report of a simulation. */
export function simulationReport({
  options,
  world: { task, minority },
  economy,
  kinds,
  rounds,
  model,
  digest,
}: Simulation): Report {
  const names = kinds.map((_, i) => `trainer ${i + 1}`);
  const last = rounds.at(-1)?.trainers ?? [];
  return completeReport({
    kind: 'simulation',
    title: `Murmuration, simulated: ${task.name}`,
    created: new Date().toISOString(),
    config: {
      ...options,
      adversary: options.adversary.join(', ') || 'nobody',
      mirroredShare: options.mirroredShare ?? 'as in the demonstration',
      density: task.compression.density,
      chunks: task.compression.chunks,
      'local steps': task.training.steps,
      batch: task.training.batch,
      'learning rate': task.training.rate,
      'bytes counted': 'coordinates of 8 bits, not encrypted',
    },
    rounds: rounds.map((r) => ({
      round: r.round,
      accepted: r.accepted,
      accuracy: r.plain.accuracy,
      ...(minority === undefined ? {} : { mirroredAccuracy: r.mirrored.accuracy }),
      density: r.coordinates / model.length,
      // A byte a coordinate: in a simulation nothing is encrypted.
      bytesPerTrainer: r.coordinates,
      milliseconds: r.milliseconds,
      proofs: {},
      gas: {},
      trainers: r.trainers.map((t) => ({
        stake: tokens(t.stake),
        strikes: t.level,
        struck: t.struck,
        reward: tokens(t.reward),
        ...(t.present ? { cosine: t.cosine } : {}),
      })),
    })),
    trainers: kinds.map((kind, i) => ({
      name: names[i]!,
      kind,
      stakeStart: tokens(economy.stake),
      stakeEnd: tokens(last[i]?.stake ?? economy.stake),
      strikes: rounds.filter((r) => r.trainers[i]!.struck).length,
      ejected: last[i]?.ejected ?? false,
      reward: rounds.reduce((sum, r) => sum + tokens(r.trainers[i]!.reward), 0),
    })),
    model: { parameters: model.length, digest },
  });
}
