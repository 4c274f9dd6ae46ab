// `planner create`: a task from its description to its posting.
import { initialModel, type ModelSpec, modelLayout } from '../../../learn/index.ts';
import { decodeModel } from '../../../protocol/index.ts';
import {
  type DescriptionSettings,
  type PolicySettings,
  readDescription,
  readPolicy,
} from '../../files/policy.ts';
import { readBytes } from '../../files/read.ts';
import { openDeployment } from '../../open/deployment.ts';
import { describeProgram, openProgram, type ProgramPlace } from '../../open/host.ts';
import type { KeysSettings } from '../../open/keys.ts';
import { type MemberSettings, openMember } from '../../open/member.ts';
import { checkPreset, postPlan } from '../../open/post_plan.ts';
import { openStore } from '../../open/store.ts';
import { print, tokens } from '../../output/format.ts';

type CreateSettings = MemberSettings &
  KeysSettings &
  DescriptionSettings &
  PolicySettings &
  ProgramPlace & {
    readonly model?: string;
    readonly seed: number;
    readonly again: boolean;
    readonly acceptRisks: boolean;
  };

/** The model that the first round trains from: a file's, or one of the seed. */
async function firstModelOf(
  settings: Pick<CreateSettings, 'model' | 'seed' | 'exec' | 'execLimit'>,
  model: ModelSpec,
): Promise<Float32Array> {
  const layout = modelLayout(model);
  if (settings.model) return decodeModel(await readBytes(settings.model), layout.size);
  if (model.kind !== 'program') return initialModel(layout, settings.seed);
  const program = await openProgram(model, settings, (text) => console.error(text));
  try {
    return await program.initial(settings.seed % 2 ** 32);
  } finally {
    await program.close();
  }
}

/** `planner create`. */
export async function create(settings: CreateSettings): Promise<void> {
  const description = await readDescription(settings);
  const layout = modelLayout(description.model);
  const deployment = await openDeployment(settings);
  checkPreset(description.preset, deployment);
  const store = await openStore(settings, deployment);
  const planner = await openMember(settings, deployment, 'planner');
  try {
    const firstModel = await firstModelOf(settings, description.model);
    const policy = await readPolicy(settings);
    const plan = { description, layout, firstModel, policy };
    const { task, escrow, findings } = await postPlan({ settings, planner, deployment, store }, plan);
    const model =
      description.model.kind === 'program' ? describeProgram(description.model) : `${layout.size} parameters`;
    const what = `${description.name}, ${model}; ${tokens(escrow)} tokens are locked for it`;
    const result = { task, planner: planner.signer.address, escrow, parameters: layout.size, findings };
    print(settings.json, result, `task ${task} is posted: ${what}`);
  } finally {
    await planner.close();
    await store.stop();
  }
}
