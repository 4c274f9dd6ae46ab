// A task's description against its chain: whatever differs is refused by name.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zeroHash } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PostedTask } from '../../../../node/chain/index.ts';
import { defaultDeadlines, defaultEconomics, defaultRules, demoTask } from '../../../../node/demo/index.ts';
import { initialModel, modelLayout } from '../../../../node/learn/index.ts';
import { describeTask, loadTask, TaskMismatch } from '../../../../node/roles/index.ts';
import { createFolderStore } from '../../../../node/store/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'load-task-'));
const store = createFolderStore(folder);
const description = demoTask({ preset: 'tiny', rounds: 2 });
let posted: PostedTask;

beforeAll(async () => {
  await store.start();
  const layout = modelLayout(description.model);
  const policy = {
    trainers: { min: 2, max: 3 },
    validators: { min: 2, max: 2 },
    threshold: 2,
    members: zeroHash,
    economics: defaultEconomics,
    rules: defaultRules,
    deadlines: defaultDeadlines,
  };
  const firstModel = initialModel(layout, 1);
  const { parameters } = await describeTask(store, { description, layout, firstModel, policy });
  posted = {
    task: 4n,
    planner: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
    status: 'open',
    deadline: 0n,
    epoch: 0,
    parameters: parameters as unknown as PostedTask['parameters'],
    economics: defaultEconomics,
    rules: defaultRules,
    deadlines: defaultDeadlines,
    trainers: [],
    validators: [],
  };
});
afterAll(async () => {
  await store.stop();
  rmSync(folder, { recursive: true });
});

describe('loading a task', () => {
  it('gives description, layout and first model when all fits', async () => {
    const { description: found, layout, firstModel } = await loadTask(store, posted);
    expect(found).toEqual(description);
    expect(firstModel).toEqual(initialModel(layout, 1));
  });

  it.each([
    ['preset', zeroHash],
    ['rounds', 3],
    ['chunks', 2],
    ['normBound', 1n],
    ['selector', 0],
    ['scale', 5n],
    ['target', 31],
    ['modelSize', 955],
  ])('refuses another %s on chain', async (field, value) => {
    const parameters = { ...posted.parameters, [field]: value };
    const refusal = await loadTask(store, { ...posted, parameters }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(TaskMismatch);
    expect((refusal as TaskMismatch).fields).toEqual([field]);
    expect((refusal as Error).message).toMatch(/^task 4: its description does not fit the chain/);
  });

  it('refuses what is no description', async () => {
    const of = async (text: string) => ({
      ...posted,
      parameters: { ...posted.parameters, metadata: await store.put(new TextEncoder().encode(text)) },
    });
    await expect(loadTask(store, await of('{'))).rejects.toThrow(
      'task 4: its description is no JSON in UTF-8',
    );
    await expect(loadTask(store, await of('{"name": ""}'))).rejects.toThrow(
      /task 4: its description breaks the schema/,
    );
  });

  it('refuses a first model of another size', async () => {
    const model = await store.put(new Uint8Array(8));
    await expect(loadTask(store, { ...posted, parameters: { ...posted.parameters, model } })).rejects.toThrow(
      /model/,
    );
  });
});
