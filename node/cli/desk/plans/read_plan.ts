// A plan from what was typed in the form: the description of its template, the policy of its fields.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Deployment } from '@murmuration/contracts';
import type { PlanAsked, PlanChecked } from '@murmuration/desk';
import { type DemoPreset, demoTask } from '../../../demo/index.ts';
import {
  initialModel,
  modelLayout,
  type ProgramModel,
  type TaskDescription,
  taskDescription,
} from '../../../learn/index.ts';
import type { TaskPlan, TaskPolicy } from '../../../roles/index.ts';
import { policyOf } from '../../files/policy.ts';
import { openProgram, type ProgramPlace } from '../../open/host.ts';
import { checkPreset } from '../../open/post_plan.ts';
import { describeIssues, faultOf } from '../../output/fault.ts';
import { readFields } from './fields.ts';
import { checkInstalled, readPlanFiles, sayFiles } from './plan_files.ts';

const examples = join(dirname(fileURLToPath(import.meta.url)), '../../../../examples');
const folders = { clinics: 'clinics', credit: 'lenders' } as const;

/** Where a plan is to be posted. */
export interface PlanPlace {
  readonly deployment: Pick<Deployment, 'verifiers'>;
  /** Of the demonstration. */
  readonly preset: DemoPreset;
  /** How the program of a task is run here. */
  readonly program: ProgramPlace;
}

type Faults = PlanChecked['faults'];

/** A plan without its first model, which a program takes its time to make. */
export interface ReadPlan {
  readonly plan: Omit<TaskPlan, 'firstModel'>;
  /** What its files come to, in words. */
  readonly says: readonly string[];
  readonly faults: [];
  /** @throws NodeError `input` of the program that makes it */
  firstModel(): Promise<Float32Array>;
}

/** The plan, or the faults for which there is none; each names its field. */
export async function readPlan(
  { deployment, preset, program }: PlanPlace,
  asked: PlanAsked,
): Promise<
  | ReadPlan
  | { readonly plan?: never; readonly firstModel?: never; readonly says: string[]; readonly faults: Faults }
> {
  const { fields, faults } = readFields(asked.fields);
  const { files, faults: fileFaults } = readPlanFiles(asked.files ?? {});
  faults.push(...fileFaults);
  const says = sayFiles(files);
  const described = await describe(asked, { preset, rounds: fields.rounds, program: files.program });
  if ('fault' in described) return { says, faults: [...faults, described.fault] };
  const { description } = described;
  const { model } = description;
  try {
    checkPreset(description.preset, deployment);
  } catch (error) {
    faults.push({
      field: asked.template === 'own' ? 'description' : 'template',
      message: faultOf(error).message,
    });
  }
  if (model.kind === 'program') {
    const found = await checkInstalled(model, program);
    if ('fault' in found) faults.push({ field: 'program', message: found.fault });
    else says.push(found.says);
  }
  let policy: TaskPolicy | undefined;
  try {
    policy = policyOf(fields, files.policy ?? {}, files.members);
    faults.push(...faultsOf(policy));
  } catch (error) {
    faults.push({ field: 'members', message: faultOf(error).message });
  }
  if (!policy || faults.length > 0) return { says, faults };
  const layout = modelLayout(model);
  const seed = fields.seed ?? 1;
  return {
    plan: { description, layout, policy },
    says,
    faults: [],
    async firstModel() {
      if (model.kind !== 'program') return initialModel(layout, seed);
      const host = await openProgram(model, program, () => undefined);
      return host.initial(seed % 2 ** 32).finally(() => host.close());
    },
  };
}

/** What of a policy no task can start with. */
function faultsOf({ threshold, trainers, economics }: TaskPolicy): Faults {
  const faults: Faults = [];
  if (threshold > trainers.min)
    faults.push({
      field: 'threshold',
      message: `is ${threshold}, but the task starts with ${trainers.min} trainers, who could not decrypt`,
    });
  if (economics.minStake < economics.stakeFloor)
    faults.push({ field: 'minStake', message: 'is less than 1 token, below which a member loses its seat' });
  return faults;
}

interface Describing {
  readonly preset: DemoPreset;
  readonly rounds: number | undefined;
  /** Takes the place of the description's model. */
  readonly program: ProgramModel | undefined;
}

/** The description of a template. */
async function describe(
  { template, description }: PlanAsked,
  { preset, rounds, program }: Describing,
): Promise<{ readonly description: TaskDescription } | { readonly fault: Faults[number] }> {
  if (template === 'digits')
    return { description: demoTask({ preset, ...(rounds !== undefined && { rounds }) }) };
  const refused = (message: string) => ({ fault: { field: 'description', message } });
  if (template === 'own' && description === undefined)
    return refused('is missing: drop a task.json, as `murmur planner create --description` takes it');
  const text =
    template === 'own'
      ? description!
      : await readFile(join(examples, folders[template], 'task.json'), 'utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refused(`is no JSON: ${(error as Error).message}`);
  }
  const whole =
    template === 'own' && program && value instanceof Object ? { ...value, model: program } : value;
  const parsed = taskDescription.safeParse(whole);
  return parsed.success ? { description: parsed.data } : refused(describeIssues(parsed.error));
}
