// A plan from what was typed in the form: the description of its template, the policy of its fields.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deployment } from '@murmuration/contracts';
import type { PlanAsked, PlanChecked } from '@murmuration/desk';
import { type DemoPreset, demoTask } from '../../../demo/index.ts';
import { initialModel, modelLayout, type TaskDescription, taskDescription } from '../../../learn/index.ts';
import type { TaskPlan } from '../../../roles/index.ts';
import { readPolicy } from '../../files/policy.ts';
import { checkPreset } from '../../open/post_plan.ts';
import { describeIssues, faultOf } from '../../output/fault.ts';
import { readFields } from './fields.ts';

const examples = join(import.meta.dirname, '../../../../examples');
const folders = { clinics: 'clinics', credit: 'lenders' } as const;

/** Where a plan is to be posted. */
export interface PlanPlace {
  readonly deployment: Pick<Deployment, 'verifiers'>;
  /** Of the demonstration. */
  readonly preset: DemoPreset;
}

type Faults = PlanChecked['faults'];

/** The plan, or the faults for which there is none; each names its field. */
export async function readPlan(
  { deployment, preset }: PlanPlace,
  asked: PlanAsked,
): Promise<
  { readonly plan: TaskPlan; readonly faults: [] } | { readonly plan?: never; readonly faults: Faults }
> {
  const { fields, faults } = readFields(asked.fields);
  const described = await describe(asked, preset, fields.rounds);
  if ('fault' in described) return { faults: [...faults, described.fault] };
  const { description } = described;
  try {
    checkPreset(description.preset, deployment);
  } catch (error) {
    faults.push({
      field: asked.template === 'own' ? 'description' : 'template',
      message: faultOf(error).message,
    });
  }
  const policy = await readPolicy(fields);
  const { threshold, trainers } = policy;
  if (threshold > trainers.min)
    faults.push({
      field: 'threshold',
      message: `is ${threshold}, but the task starts with ${trainers.min} trainers, who could not decrypt`,
    });
  if (policy.economics.minStake < policy.economics.stakeFloor)
    faults.push({ field: 'minStake', message: 'is less than 1 token, below which a member loses its seat' });
  if (faults.length > 0) return { faults };
  const layout = modelLayout(description.model);
  const firstModel = initialModel(layout, fields.seed ?? 1);
  return { plan: { description, layout, firstModel, policy }, faults: [] };
}

/** The description of a template. */
async function describe(
  { template, description }: PlanAsked,
  preset: DemoPreset,
  rounds: number | undefined,
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
  const parsed = taskDescription.safeParse(value);
  if (!parsed.success) return refused(describeIssues(parsed.error));
  if (parsed.data.model.kind === 'program')
    return refused(
      'its model is a program, which makes the first model itself: `murmur planner create --description FILE --exec ' +
        'PROGRAM` posts it, and it is watched here',
    );
  return { description: parsed.data };
}
