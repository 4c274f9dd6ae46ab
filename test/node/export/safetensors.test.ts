// Parameters as safetensors: the form's own rules, and every bit.
import { describe, expect, it } from 'vitest';
import { safetensors } from '../../../node/export/index.ts';
import { tasks, trained } from './models.ts';

interface Header {
  readonly [name: string]: {
    readonly dtype: string;
    readonly shape: readonly number[];
    readonly data_offsets: readonly [number, number];
  };
}

/** Reads a file by https://github.com/huggingface/safetensors, "Format". */
function read(file: Uint8Array) {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const length = Number(view.getBigUint64(0, true));
  const header = Buffer.from(file.subarray(8, 8 + length)).toString('utf8');
  const { __metadata__: metadata, ...tensors } = JSON.parse(header) as Header;
  return { length, header, metadata, tensors: Object.entries(tensors), data: file.subarray(8 + length) };
}

describe.each(Object.entries(tasks))('%s as safetensors', (_, description) => {
  const model = trained(description);
  const { length, header, metadata, tensors, data } = read(safetensors(model));

  it('follows the form: an aligned header of JSON, tensors one after the other, to the last byte', () => {
    expect([header[0], length % 8]).toEqual(['{', 0]);
    let at = 0;
    for (const [, { dtype, shape, data_offsets }] of tensors) {
      const size = 4 * shape.reduce((product, side) => product * side, 1);
      expect([dtype, ...data_offsets]).toEqual(['F32', at, at + size]);
      at += size;
    }
    expect(data.length).toBe(at);
  });

  it('has the parameters bit for bit, named by their layers, and the lineage as texts', () => {
    expect(new Float32Array(Uint8Array.from(data).buffer)).toEqual(model.parameters);
    const layers = description.model.layers.flatMap((layer, i) =>
      layer.type === 'dense' || layer.type === 'conv2d' ? [`layers.${i}.kernel`, `layers.${i}.bias`] : [],
    );
    expect(tensors.map(([name]) => name)).toEqual(layers);
    expect(metadata).toEqual(model.lineage);
  });
});
