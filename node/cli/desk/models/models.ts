// The models of a desk: each taken from the chain once it is asked for, kept as a file of `murmur model save`, and used.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Model, ModelFileName, TakenModel } from '@murmuration/desk';
import { Refusal } from '../../../http/index.ts';
import { makeFolder } from '../../../state/index.ts';
import { type ModelParts, readModelFile, writeModelFile } from '../../files/model_file.ts';
import { type Fault, faultOf } from '../../output/fault.ts';
import { modelView } from './model_view.ts';
import { type Orders, useModel } from './use_model.ts';

export interface ModelsSettings {
  /** Where the models of the place lie, a file a task. */
  readonly folder: string;
  /** Computes a task's model again, as `murmur model save` does. */
  readonly take: (task: bigint, say: (text: string) => void) => Promise<ModelParts>;
  /** Hears that a model stands otherwise than before. */
  readonly changed: () => void;
}

/** The models of a desk. */
export interface ModelBook {
  /** How a task's model stands; a file that was altered since is a fault. */
  look(task: string): Promise<Model>;
  /** Begins to take it behind the answer; it takes the place of the one before. @throws Refusal `not-ready` */
  take(task: string): void;
  /**
   * Tries it on rows, one order at a time.
   * @throws Refusal `not-found` where it was not taken, `not-ready` while another one is tried, `malformed`
   */
  use<Type extends 'evaluate' | 'predict'>(
    task: string,
    type: Type,
    asked: Orders[Type]['asked'],
    named?: { readonly file: string; readonly name: string },
  ): Promise<Orders[Type]['given']>;
  /** @throws Refusal `not-found` where it was not taken, `malformed` where the form cannot hold it */
  file(task: string, name: ModelFileName, licence?: string): Promise<Uint8Array>;
  /** Resolves once none is being taken. */
  close(): Promise<void>;
}

/** One model in this process. */
interface Work {
  says: string;
  fault?: Fault;
  over?: Promise<void>;
}

const formats = {
  onnx: 'onnx',
  safetensors: 'safetensors',
  'tfjs.json': 'tfjs',
  'tfjs.bin': 'tfjs',
} as const;

export function openModels({ folder, take, changed }: ModelsSettings): ModelBook {
  const works = new Map<string, Work>();
  /** What was read of a file, while the file is the same. */
  const views = new Map<string, { readonly at: number; readonly view: TakenModel }>();
  const pathOf = (task: string) => join(folder, `${task}.json`);
  let using = false;

  async function make(task: string, work: Work): Promise<void> {
    const parts = await take(BigInt(task), (text) => {
      work.says = text;
      changed();
    });
    await makeFolder(folder, 0o700);
    await writeModelFile(pathOf(task), parts);
  }

  async function kept(task: string): Promise<TakenModel | undefined> {
    const found = await stat(pathOf(task)).catch(() => undefined);
    if (!found) return undefined;
    const known = views.get(task);
    if (known?.at === found.mtimeMs) return known.view;
    const { file } = await readModelFile(pathOf(task));
    const view = modelView(file, found.mtime);
    views.set(task, { at: found.mtimeMs, view });
    return view;
  }

  async function look(task: string): Promise<Model> {
    const work = works.get(task);
    let model: TakenModel | undefined;
    try {
      model = await kept(task);
    } catch (error) {
      if (!work)
        return { task, state: 'failed', says: 'the model that is kept is no more', fault: faultOf(error) };
    }
    const there = model && { model };
    if (work?.over) return { task, state: 'working', says: work.says, ...there };
    if (work?.fault) return { task, state: 'failed', says: work.says, fault: work.fault, ...there };
    return model ? { task, state: 'done', says: 'done', model } : { task, state: 'none', says: '' };
  }

  async function taken(task: string): Promise<string> {
    const { model } = await look(task);
    if (model) return pathOf(task);
    throw new Refusal('not-found', `the model of task ${task} was not taken yet`, {
      mend: 'Take it from the chain first.',
    });
  }

  return {
    look,
    take(task) {
      // It keeps a core busy, and the roles that work here have deadlines.
      const busy = [...works].find(([, { over }]) => over);
      if (busy)
        throw new Refusal('not-ready', `the model of task ${busy[0]} is being taken`, {
          mend: 'Wait until it is there.',
        });
      const work: Work = { says: 'begins' };
      works.set(task, work);
      work.over = make(task, work)
        .then(
          () => void works.delete(task),
          (error: unknown) => {
            work.fault = faultOf(error);
          },
        )
        .finally(() => {
          delete work.over;
          changed();
        });
      changed();
    },
    async use(task, type, asked, named) {
      const path = await taken(task);
      if (using)
        throw new Refusal('not-ready', 'a model is being tried', { mend: 'Wait until that is done.' });
      using = true;
      try {
        return await useModel(type, path, asked, named);
      } finally {
        using = false;
      }
    },
    async file(task, name, licence) {
      const path = await taken(task);
      if (name === 'murmur.json') return readFile(path);
      const { bytes, beside } = await useModel('export', path, {
        task: { format: formats[name], name: `task-${task}`, licence },
      });
      return name === 'tfjs.bin' ? beside!.bytes : bytes;
    },
    async close() {
      await Promise.all([...works.values()].map(({ over }) => over));
    },
  };
}
