// Planning as signals: what was typed, which a reload keeps, what the node finds in it, and what was posted.
import { effect, signal } from '@preact/signals';
import type { Plan, PlanAsked, PlanChecked, PlanField, PlanForm, Plans } from '../api/plan.ts';
import type { Fault } from '../api/words.ts';
import { route } from './route.ts';
import { ask, faultOf } from './session.ts';
import { market } from './state.ts';

const key = 'murmuration-plan';
const empty: PlanAsked = { template: 'digits', fields: {} };

export const planAsked = signal<PlanAsked>(kept());
export const planFields = signal<readonly PlanField[]>([]);
export const planChecked = signal<PlanChecked | undefined>(undefined);
export const plans = signal<readonly Plan[]>([]);
/** Why the last thing that was asked for is not done. */
export const planFault = signal<Fault | undefined>(undefined);
export const planDone = signal<string | undefined>(undefined);

/** What the tab has kept; what another version has written is begun anew. */
function kept(): PlanAsked {
  try {
    const found = JSON.parse(sessionStorage.getItem(key) ?? 'null') as PlanAsked | null;
    return found && typeof found.fields === 'object' ? found : empty;
  } catch {
    return empty;
  }
}

// A new block may change what was posted, and the price of gas.
effect(() => {
  if (route.value.view === 'plan' && market.value) void refresh();
});

async function refresh(): Promise<void> {
  try {
    if (planFields.value.length === 0) {
      planFields.value = (await ask<PlanForm>('GET', '/api/plan')).fields;
      await check();
    }
    plans.value = (await ask<Plans>('GET', '/api/plans')).plans;
  } catch (error) {
    planFault.value = faultOf(error);
  }
}

/** The plan is checked when the last change is so old: milliseconds. */
const pause = 300;
let timer: ReturnType<typeof setTimeout> | undefined;

async function check(): Promise<void> {
  const asked = planAsked.value;
  try {
    const found = await ask<PlanChecked>('POST', '/api/plan/check', asked);
    // What was typed meanwhile is checked by itself.
    if (planAsked.value === asked) planChecked.value = found;
  } catch (error) {
    planFault.value = faultOf(error);
  }
}

/** Changes the plan, and has it checked. */
export function change(to: PlanAsked): void {
  planAsked.value = to;
  planChecked.value = undefined;
  planFault.value = undefined;
  planDone.value = undefined;
  sessionStorage.setItem(key, JSON.stringify(to));
  clearTimeout(timer);
  timer = setTimeout(() => void check(), pause);
}

async function tried(act: () => Promise<string>): Promise<boolean> {
  planFault.value = undefined;
  planDone.value = undefined;
  try {
    planDone.value = await act();
    await refresh();
    return true;
  } catch (error) {
    planFault.value = faultOf(error);
    return false;
  }
}

export const post = (acceptRisks: boolean, again: boolean): Promise<boolean> =>
  tried(async () => {
    const { task } = await ask<{ task: string }>('POST', '/api/plan/post', {
      ...planAsked.value,
      acceptRisks,
      again,
    });
    return `Task ${task} is posted.`;
  });

export const orderPlan = (task: string, what: 'start' | 'cancel'): Promise<boolean> =>
  tried(async () => {
    const { done } = await ask<{ done: string[] }>('POST', `/api/plans/${task}/${what}`, {});
    return done.join('; ');
  });
