// A task as the chain has it, for views of it.
import { zeroAddress, zeroHash } from 'viem';
import type { PostedTask } from '../../../../node/chain/index.ts';
import { defaultDeadlines, defaultEconomics, defaultRules } from '../../../../node/demo/index.ts';
import { presets } from '../../../../prover/index.ts';

/** Task 1, open, with the demonstration's terms and nobody in it. */
export const postedTask = (): PostedTask => ({
  task: 1n,
  planner: zeroAddress,
  status: 'open',
  deadline: 1_800_000_000n,
  epoch: 0,
  parameters: {
    metadata: zeroHash,
    model: zeroHash,
    preset: presets.tiny.id,
    members: zeroHash,
    normBound: 1n,
    probeNormBound: 1n,
    modelSize: 970,
    chunks: 1,
    rounds: 8,
    selector: 0,
    minTrainers: 3,
    maxTrainers: 5,
    minValidators: 4,
    maxValidators: 6,
    threshold: 3,
    scale: 1n,
    target: 30,
  },
  economics: defaultEconomics,
  rules: defaultRules,
  deadlines: defaultDeadlines,
  trainers: [],
  validators: [],
});
