// A model as files: for other tools, and for this project's own commands.
import { useState } from 'preact/hooks';
import type { ModelFileName, TakenModel } from '../../api/model.ts';
import { doing, keepModel } from '../models.ts';

interface Props {
  readonly task: string;
  readonly taken: TakenModel;
}

type Files = readonly (readonly [file: ModelFileName, name: string])[];

export function KeepModel({ task, taken: { takes, digest } }: Props) {
  const [licence, setLicence] = useState('');
  const name = `task-${task}`;
  const form = (label: string, what: string, files: Files) => (
    <li>
      <button
        type="button"
        class="second"
        disabled={doing.value !== undefined}
        onClick={() => void keepModel(task, files, licence.trim())}
      >
        {label}
      </button>{' '}
      {what}
    </li>
  );
  return (
    <section>
      <h2>Keep it</h2>
      <p>Its lineage goes along in each: chain, task, rounds, digests, how many trained it.</p>
      <ul class="forms">
        {form('Murmuration', 'with all of its lineage, for murmur model', [['murmur.json', `${name}.json`]])}
        {takes !== 'program' && (
          <>
            {form('ONNX', 'from raw rows to probabilities and label', [['onnx', `${name}.onnx`]])}
            {form('safetensors', 'the parameters by name', [['safetensors', `${name}.safetensors`]])}
            {form('TensorFlow.js', 'two files, the model and its weights; it takes encoded rows', [
              ['tfjs.json', `${name}.tfjs.json`],
              // The name that the model knows its weights by.
              ['tfjs.bin', `${name}.${digest.slice(2, 18)}.bin`],
            ])}
          </>
        )}
      </ul>
      {takes === 'program' ? (
        <p class="quiet">What a program computes is in none of the other tools’ forms.</p>
      ) : (
        <label class="field">
          Licence, for the metadata of the tools’ files
          <input
            placeholder="CC-BY-4.0"
            maxLength={200}
            value={licence}
            onInput={(event) => setLicence(event.currentTarget.value)}
          />
        </label>
      )}
    </section>
  );
}
