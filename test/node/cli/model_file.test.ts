// A model's file: what is written comes back; what was altered on the way is refused.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zeroHash } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModelFile, writeModelFile } from '../../../node/cli/files/model_file.ts';
import { initialModel, modelLayout, taskDescription } from '../../../node/learn/index.ts';
import { digestOf, encodeModel } from '../../../node/protocol/index.ts';
import { clinicTask } from '../learn/clinics.ts';
import { faultOf } from './fault.ts';

const folder = mkdtempSync(join(tmpdir(), 'model-'));
const path = join(folder, 'model.json');
const description = taskDescription.parse(clinicTask(2));
let model: Float32Array;

beforeAll(async () => {
  const layout = modelLayout(description.model);
  model = initialModel(layout, 1);
  const found = digestOf(encodeModel(model));
  await writeModelFile(path, {
    origin: { chainId: 31337, marketplace: zeroHash, task: '1' },
    description,
    statistics: { age: { mean: 55, deviation: 9 } },
    layout,
    lineage: {
      model,
      digest: found,
      first: zeroHash,
      steps: [{ round: 1, outcome: 'accepted', model: found, quality: 7512 }],
    },
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a model's file", () => {
  it('gives back what was written', async () => {
    const { file, parameters } = await readModelFile(path);
    expect(parameters(134)).toEqual(model);
    expect(file.description).toEqual(description);
    expect(file.statistics).toEqual({ age: { mean: 55, deviation: 9 } });
    expect(() => parameters(133)).toThrow(/536 bytes; 133 parameters need 532/);
  });

  it('is refused where a parameter was altered, with its digest or without', async () => {
    const file = JSON.parse(readFileSync(path, 'utf8'));
    const bytes = Buffer.from(file.parameters, 'base64');
    bytes[0]! ^= 1;
    const altered = join(folder, 'altered.json');
    writeFileSync(altered, JSON.stringify({ ...file, parameters: bytes.toString('base64') }));
    expect(await faultOf(readModelFile(altered))).toMatch(
      /altered\.json: its parameters have digest .*altered/,
    );
  });

  it.each([
    ['no JSON', 'x', /is no JSON/],
    ['another file', '{"format":"other"}', /format: .*It must be a file of `murmur model save`/],
  ])('is refused as %s', async (_, text, message) => {
    const other = join(folder, 'other.json');
    writeFileSync(other, text);
    expect(await faultOf(readModelFile(other))).toMatch(message);
  });
});
