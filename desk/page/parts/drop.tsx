// Where a file is dropped or chosen.
import { useRef, useState } from 'preact/hooks';
import { bytes } from '../format.ts';
import { giveFile, takeFileBack } from '../give_file.ts';
import { fileFault, matches, reading } from '../state.ts';
import { Notice } from './notice.tsx';
import { ReadingForm } from './reading_form.tsx';

interface Props {
  /** What it is asked for. */
  readonly title?: string;
  /** Where it goes. */
  readonly says?: string;
}

const stays = 'It is read on this machine by your own node; nothing of it leaves.';

export function Drop({ title = 'Which of these fit my data?', says = stays }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (files: FileList | null | undefined) => {
    const file = files?.[0];
    if (file) void giveFile(file);
  };
  const drag = (inside: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(inside);
  };
  const given = matches.value?.file;
  return (
    <section
      class={`drop ${over ? 'over' : ''}`}
      aria-labelledby="drop-title"
      onDragEnter={drag(true)}
      onDragOver={drag(true)}
      onDragLeave={drag(false)}
      onDrop={(event) => {
        drag(false)(event);
        take(event.dataTransfer?.files);
      }}
    >
      <h2 id="drop-title">{title}</h2>
      <p class="quiet">Drop a CSV or Parquet file, or choose one. {says}</p>
      <input
        ref={input}
        id="file"
        class="unseen"
        type="file"
        accept=".csv,.tsv,.txt,.parquet,text/csv"
        onChange={(event) => {
          take(event.currentTarget.files);
          // The same file again is a change, too.
          event.currentTarget.value = '';
        }}
      />
      <label class="button" for="file">
        Choose a file
      </label>
      <ReadingForm />
      <div aria-live="polite">
        {reading.value && (
          <p class="says">
            <span class="spinner" aria-hidden="true" /> reads the file
          </p>
        )}
        {fileFault.value && <Notice fault={fileFault.value} />}
        {given && (
          <p>
            <bdi class="name">{given.name}</bdi>, {bytes(given.bytes)}: {summary()}{' '}
            <button type="button" class="link" onClick={() => void takeFileBack()}>
              Take it back
            </button>
          </p>
        )}
      </div>
    </section>
  );
}

function summary(): string {
  const all = matches.value?.matches ?? [];
  const fitting = all.filter(({ fits }) => fits !== 'no').length;
  if (all.length === 0) return 'no task here asks for a table.';
  return `${fitting} of ${all.length} ${all.length === 1 ? 'task that asks' : 'tasks that ask'} for a table can use it.`;
}
