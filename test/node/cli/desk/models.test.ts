// The desk's models over its API: taken, tried on rows in a thread, kept; what is wrong is told with its mend.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { zeroHash } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluationSchema, modelSchema, predictionsSchema } from '../../../../desk/index.ts';
import { type KeptFiles, openKeptFiles } from '../../../../node/cli/desk/files/kept_files.ts';
import { type ModelBook, openModels } from '../../../../node/cli/desk/models/models.ts';
import { modelRoutes } from '../../../../node/cli/desk/routes/model_routes.ts';
import { sessionRoutes } from '../../../../node/cli/desk/routes/session_routes.ts';
import { type DeskServer, serveDesk } from '../../../../node/cli/desk/serve.ts';
import type { ModelParts } from '../../../../node/cli/files/model_file.ts';
import { NodeError } from '../../../../node/errors.ts';
import { Refusal } from '../../../../node/http/index.ts';
import { initialModel, modelLayout, taskDescription } from '../../../../node/learn/index.ts';
import { digestOf, encodeModel } from '../../../../node/protocol/index.ts';
import { openState, type State } from '../../../../node/state/index.ts';
import { cacheFolder } from '../../../cache_folder.ts';
import { clinicCsv, clinicTask } from '../../learn/clinics.ts';
import { postedTask } from './posted.ts';

let folder: string;
let state: State;
let files: KeptFiles;
let models: ModelBook;
let server: DeskServer;
let session: string;
/** What the model that is being taken comes to. */
let work = Promise.withResolvers<ModelParts>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'murmuration-desk-models-'));
  state = await openState(join(folder, 'desk'));
  files = await openKeptFiles(state);
  models = openModels({
    folder: join(folder, 'models'),
    take: async (_, say) => {
      say('computes 1 rounds again');
      return work.promise;
    },
    changed: () => undefined,
  });
  const context = {
    models: () => models,
    files,
    market: () => ({
      read: async () => ({ tasks: [] }),
      description: async () => undefined,
      async posted(task: bigint) {
        if (task > 2n) throw new Refusal('not-found', `there is no task ${task}`);
        return { ...postedTask(), task };
      },
    }),
  };
  server = await serveDesk({ port: 0, cacheFolder, onAnswer: () => undefined }, (sessions, newLink) => [
    ...sessionRoutes(sessions, newLink),
    ...modelRoutes(context),
  ]);
  const token = new URL(server.newLink()).hash.slice(1);
  ({ session } = (await (await send('POST', '/api/session', { token })).json()) as { session: string });
});
afterAll(async () => {
  await server.stop();
  await models.close();
  await state.close();
  await rm(folder, { recursive: true, force: true });
});

const send = (method: string, path: string, body?: unknown) =>
  fetch(`${server.origin}${path}`, {
    method,
    headers: {
      origin: server.origin,
      ...(session && { authorization: `Bearer ${session}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const at = '/api/tasks/1/model';
const look = async () => modelSchema.parse(await (await send('GET', at)).json());
const faultOf = async (answer: Response) =>
  ((await answer.json()) as { error: { message: string; mend?: string } }).error;
const give = async (text: string) => (await files.keep('rows.csv', Readable.from([Buffer.from(text)]))).id;

function parts(): ModelParts {
  const description = taskDescription.parse(clinicTask(2));
  const layout = modelLayout(description.model);
  const model = initialModel(layout, 1);
  const digest = digestOf(encodeModel(model));
  const steps = [{ round: 1, outcome: 'accepted', model: digest, quality: 7512 }] as const;
  return {
    origin: { chainId: 31337, marketplace: zeroHash, task: '1' },
    description,
    statistics: Object.fromEntries(
      (description.data.kind === 'csv' ? description.data.columns : []).map(({ name }) => [
        name,
        { mean: 50, deviation: 10 },
      ]),
    ),
    layout,
    lineage: { model, digest, first: zeroHash, steps },
  };
}

describe("a task's model", () => {
  it('is not there before it is taken, and says so', async () => {
    expect(await look()).toEqual({ task: '1', state: 'none', says: '' });
    const answer = await send('GET', `${at}/onnx`);
    expect(answer.status).toBe(404);
    expect((await faultOf(answer)).mend).toContain('Take it');
    expect((await send('POST', '/api/tasks/3/model', {})).status).toBe(404);
  });

  it('that cannot be had says why, and can be taken again', async () => {
    await send('POST', at, {});
    work.reject(new NodeError('chain', 'the chain is away', { mend: 'Start it.' }));
    await models.close();
    expect(await look()).toMatchObject({ state: 'failed', fault: { message: 'the chain is away' } });
    work = Promise.withResolvers();
  });

  it('is followed while it is taken, one at a time, and is there with its lineage', async () => {
    expect((await send('POST', at, {})).status).toBe(202);
    expect(await look()).toMatchObject({ state: 'working', says: 'computes 1 rounds again' });
    expect((await send('POST', '/api/tasks/2/model', {})).status).toBe(409);
    work.resolve(parts());
    await models.close();
    expect(await look()).toMatchObject({
      state: 'done',
      model: { accepted: 1, rounds: 1, quality: 0.7512, takes: 'table', lineage: [{ outcome: 'accepted' }] },
    });
  });

  it('is evaluated on rows with a label, and refuses what has none', async () => {
    const file = await give(clinicCsv('north', { shift: 0, rows: 60, missing: 0.1 }));
    const answer = await send('POST', `${at}/evaluation`, { file });
    expect(answer.status).toBe(200);
    expect(evaluationSchema.parse(await answer.json()).count).toBe(60);
    const wrong = await send('POST', `${at}/evaluation`, { file: await give('age,ill\n40,no\n') });
    expect(wrong.status).toBe(400);
    // By the name that its owner knows it by, not that of the copy.
    expect((await faultOf(wrong)).message).toMatch(/^rows\.csv: data: the file lacks/);
    const digits = await send('POST', `${at}/evaluation`, {});
    expect((await faultOf(digits)).message).toContain('mnist');
  });

  it('predicts rows, keeps none of them, and a spreadsheet computes nothing of what they say', async () => {
    const before = await readdir(folder, { recursive: true });
    const [header, ...rows] = clinicCsv('north', { shift: 0, rows: 20, missing: 0 }).trim().split('\r\n');
    const marked = rows.map((row) => `${row},=1+1`);
    const file = await give([`${header},patient`, ...marked].join('\n'));
    const answer = await send('POST', `${at}/predictions`, { file, ids: ['patient'] });
    const said = await answer.json();
    expect(said).not.toHaveProperty('error');
    const found = predictionsSchema.parse(said);
    expect(found.rows).toBe(20);
    expect(found.classes.reduce((sum, { count }) => sum + count, 0)).toBe(20);
    expect(found.csv.split('\n')[1]).toMatch(/^1,'=1\+1,/);
    await files.remove(file);
    expect(await readdir(folder, { recursive: true })).toEqual(before);
    const gone = await send('POST', `${at}/predictions`, { file });
    expect(gone.status).toBe(404);
  });

  it('is kept as files of other tools, with its lineage and licence', async () => {
    const bytes = async (name: string) => {
      const answer = await send('GET', `${at}/${name}`);
      expect(answer.status).toBe(200);
      return Buffer.from(await answer.arrayBuffer());
    };
    const digest = (await look()).model!.digest;
    expect((await bytes('onnx')).includes(digest)).toBe(true);
    expect((await bytes('safetensors?licence=CC-BY-4.0')).includes('CC-BY-4.0')).toBe(true);
    expect(JSON.parse((await bytes('murmur.json')).toString())).toMatchObject({ digest });
    // The model knows its weights by the name that the page gives them.
    expect((await bytes('tfjs.json')).toString()).toContain(`task-1.${digest.slice(2, 18)}.bin`);
    expect((await bytes('tfjs.bin')).length).toBeGreaterThan(100);
    expect((await send('GET', `${at}/..%2f..%2fdesk%2ffiles.json`)).status).toBe(400);
  });

  it('that was altered on the disk is told, and nothing of it is given away', async () => {
    const path = join(folder, 'models', '1.json');
    const file = JSON.parse(await readFile(path, 'utf8'));
    const altered = Buffer.from(file.parameters, 'base64');
    altered[0]! ^= 1;
    await writeFile(path, JSON.stringify({ ...file, parameters: altered.toString('base64') }));
    const { state: now, fault } = await look();
    expect(now).toBe('failed');
    expect(fault?.message).toContain('altered');
    expect((await send('GET', `${at}/onnx`)).status).toBe(404);
  });
});
