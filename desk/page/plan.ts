// Planning as signals: what was typed, which a reload keeps, what the node finds in it, and what was posted.
import { effect, signal } from '@preact/signals';
import type { Plan, PlanAsked, PlanChecked, PlanField, PlanForm, Plans, Posting } from '../api/plan.ts';
import type { Fault } from '../api/words.ts';
import { bytes } from './format.ts';
import { route } from './route.ts';
import { ask, faultOf } from './session.ts';
import { market, onEvent } from './state.ts';

const key = 'murmuration-plan';
const empty: PlanAsked = { template: 'digits', fields: {} };

export const planAsked = signal<PlanAsked>(kept());
export const planFields = signal<readonly PlanField[]>([]);
export const planChecked = signal<PlanChecked | undefined>(undefined);
export const plans = signal<readonly Plan[]>([]);
/** Why the last thing that was asked for is not done. */
export const planFault = signal<Fault | undefined>(undefined);
export const planDone = signal<string | undefined>(undefined);
/** The last posting that was asked for; undefined once the plan was changed after it. */
export const posting = signal<Posting | undefined>(undefined);

/** The posting of this tab, by its id; empty once the plan was changed after it. Another one is shown while it is made. */
const postingKey = 'murmuration-plan-posting';
const isShown = ({ id, state }: Posting): boolean =>
  state === 'working' || [null, id].includes(sessionStorage.getItem(postingKey));

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

onEvent('plans', refresh);

async function refresh(): Promise<void> {
  try {
    if (planFields.value.length === 0) {
      planFields.value = (await ask<PlanForm>('GET', '/api/plan')).fields;
      await check();
    }
    const found = await ask<Plans>('GET', '/api/plans');
    plans.value = found.plans;
    posting.value = found.posting && isShown(found.posting) ? found.posting : undefined;
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
  // Whoever types while a plan is being posted still hears what came of it.
  if (posting.value?.state !== 'working') {
    posting.value = undefined;
    sessionStorage.setItem(postingKey, '');
  }
  clearTimeout(timer);
  timer = setTimeout(() => void check(), pause);
}

/** Characters of a file that a plan comes with; the node's own limits are by file, and narrower. */
const mostText = 400_000;

/** The text of a file that somebody gives; undefined for one that is too large, which is said. */
export async function textOf(file: File | undefined): Promise<string | undefined> {
  if (!file) return undefined;
  planFault.value = undefined;
  if (file.size <= mostText) return file.text();
  const message = `${file.name} has ${bytes(file.size)}, but at most ${bytes(mostText)} are taken.`;
  planFault.value = { code: 'too-large', message, mend: 'It is none of the files that a plan comes with.' };
  return undefined;
}

async function tried(act: () => Promise<string | undefined>): Promise<void> {
  planFault.value = undefined;
  planDone.value = undefined;
  try {
    planDone.value = await act();
    await refresh();
  } catch (error) {
    planFault.value = faultOf(error);
  }
}

/** Has it posted; what comes of that the node tells, after a reload, too. */
export const post = (acceptRisks: boolean, again: boolean): Promise<void> =>
  tried(async () => {
    const id = crypto.randomUUID();
    // Before the request: a page that is gone when the answer comes must show, once it is back, what came of it.
    sessionStorage.setItem(postingKey, id);
    posting.value = await ask<Posting>('POST', '/api/plan/post', {
      ...planAsked.value,
      id,
      acceptRisks,
      again,
    });
    return undefined;
  });

export const orderPlan = (task: string, what: 'start' | 'cancel'): Promise<void> =>
  tried(async () => {
    const { done } = await ask<{ done: string[] }>('POST', `/api/plans/${task}/${what}`, {});
    return done.join('; ');
  });
