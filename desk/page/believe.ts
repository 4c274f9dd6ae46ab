// Audits as signals: of the task that is looked at, and of what left this machine.
import { signal } from '@preact/signals';
import type { Audit, Site } from '../api/audit.ts';
import type { Fault } from '../api/words.ts';
import { download } from './download.ts';
import { ask, faultOf } from './session.ts';
import { onEvent } from './state.ts';

export const audit = signal<Audit | undefined>(undefined);
export const site = signal<Site | undefined>(undefined);
export const siteBusy = signal(false);
export const believeFault = signal<Fault | undefined>(undefined);

/** Runs what may fail, for the view to show. */
async function tried(act: () => Promise<void>): Promise<void> {
  believeFault.value = undefined;
  try {
    await act();
  } catch (error) {
    believeFault.value = faultOf(error);
  }
}

const pathOf = (task: string) => `/api/tasks/${task}/audit`;

async function readAudit(task: string): Promise<void> {
  const found = await ask<Audit>('GET', pathOf(task));
  // Another task may be looked at by now.
  if (audit.value?.task === task || audit.value === undefined) audit.value = found;
}

onEvent('audits', async () => {
  if (audit.value) await readAudit(audit.value.task);
});

/** Looks at the audit of a task. */
export const lookAtAudit = (task: string): Promise<void> => {
  audit.value = undefined;
  return tried(() => readAudit(task));
};

export const beginAudit = (task: string): Promise<void> =>
  tried(async () => {
    await ask('POST', pathOf(task), {});
    await readAudit(task);
  });

export const keepAuditFile = (task: string, name: string): Promise<void> =>
  tried(() => download(`${pathOf(task)}/${name}`, `audit-${task}-${name}`));

/** Has what left this machine held against the chain. */
export async function auditSite(): Promise<void> {
  siteBusy.value = true;
  await tried(async () => {
    site.value = await ask<Site>('GET', '/api/site');
  });
  siteBusy.value = false;
}

export const keepSiteFile = (name: string): Promise<void> => tried(() => download(`/api/site/${name}`, name));
