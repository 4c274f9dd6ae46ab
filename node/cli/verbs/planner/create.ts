// `planner create`: a task from its description to its posting.
import type { Deployment } from '@murmuration/contracts';
import { countTasks, escrowOf, readTask } from '../../../chain/index.ts';
import { NodeError } from '../../../errors.ts';
import { initialModel, type ModelSpec, modelLayout } from '../../../learn/index.ts';
import { decodeModel } from '../../../protocol/index.ts';
import { describeTask } from '../../../roles/index.ts';
import { recordedStore } from '../../../site/index.ts';
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
import { checkMoney } from '../../open/money.ts';
import { checkTerms } from '../../open/review.ts';
import { openStore } from '../../open/store.ts';
import { checkTrust } from '../../open/trust.ts';
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

/** @throws NodeError `input` where the deployment has no verifiers for the task's preset. */
export function checkPreset(preset: string, { verifiers }: Pick<Deployment, 'verifiers'>): void {
  if (Object.hasOwn(verifiers, preset)) return;
  const deployed = Object.keys(verifiers).join(', ');
  throw new NodeError('input', `the task is of preset ${preset}, but the deployment has ${deployed}`, {
    mend: 'Choose one of these, or deploy again with `murmur deploy --presets`.',
  });
}

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
    const posting = await describeTask(recordedStore(planner.log, store), {
      description,
      layout,
      firstModel,
      policy,
    });
    const findings = checkTerms({ ...posting, description }, settings.acceptRisks);
    if (!settings.again) await refuseTwice(posting.parameters);
    const escrow = await escrowOf(planner.client, deployment, posting);
    await checkMoney(planner.client, deployment, planner.signer.address, {
      amount: escrow,
      what: 'the bounty',
    });
    await checkTrust(settings, planner, description.preset);
    const task = await planner.actions.post(posting);
    const model =
      description.model.kind === 'program' ? describeProgram(description.model) : `${layout.size} parameters`;
    const what = `${description.name}, ${model}; ${tokens(escrow)} tokens are locked for it`;
    const result = { task, planner: planner.signer.address, escrow, parameters: layout.size, findings };
    print(settings.json, result, `task ${task} is posted: ${what}`);
  } finally {
    await planner.close();
    await store.stop();
  }

  /** A planner that was killed after its posting and runs again must not pay twice. */
  async function refuseTwice(parameters: Record<string, unknown>): Promise<void> {
    const count = await countTasks(planner.client, deployment);
    for (let task = 1n; task <= count; task++) {
      const posted = await readTask(planner.client, deployment, task);
      const same = posted.planner === planner.signer.address && posted.status === 'open';
      if (
        same &&
        posted.parameters.metadata === parameters.metadata &&
        posted.parameters.model === parameters.model
      )
        throw new NodeError('input', `task ${task} of this planner is the same and open`, {
          mend: 'Give --again to post another.',
        });
    }
  }
}
