// How a file is read that its program writes otherwise than tasks expect: what `murmur data check` takes.
import type { Reading } from '../../api/file.ts';
import { readOtherwise } from '../give_file.ts';
import { how } from '../state.ts';

const choices = {
  separator: [
    'Between fields',
    { '': 'found by the header', ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' },
  ],
  decimal: ['Decimal mark', { '': 'point', ',': 'comma' }],
  thousands: [
    'Groups of digits',
    { '': 'none', ',': 'comma', '.': 'point', ' ': 'space', "'": 'apostrophe' },
  ],
} as const;

export function ReadingForm() {
  const set = (key: keyof Reading, value: unknown) => {
    const { [key]: _, ...rest } = how.value;
    const isEmpty = value === '' || value === false || (Array.isArray(value) && value.length === 0);
    void readOtherwise((isEmpty ? rest : { ...rest, [key]: value }) as Reading);
  };
  return (
    <details class="reading">
      <summary>The file is written otherwise</summary>
      {Object.entries(choices).map(([key, [label, marks]]) => (
        <label key={key} class="block">
          {label}{' '}
          <select
            value={how.value[key as keyof typeof choices] ?? ''}
            onChange={(event) => set(key as keyof Reading, event.currentTarget.value)}
          >
            {Object.entries(marks).map(([mark, name]) => (
              <option key={mark} value={mark}>
                {name}
              </option>
            ))}
          </select>
        </label>
      ))}
      <label class="block">
        Encoding{' '}
        <input
          placeholder="UTF-8"
          maxLength={40}
          value={how.value.encoding ?? ''}
          onChange={(event) => set('encoding', event.currentTarget.value.trim())}
        />
      </label>
      <label class="block">
        Cells that mean “missing”, with blanks between{' '}
        <input
          placeholder="NA"
          value={(how.value.absent ?? []).join(' ')}
          onChange={(event) => set('absent', event.currentTarget.value.split(/\s+/).filter(Boolean))}
        />
      </label>
      <label class="block">
        <input
          type="checkbox"
          checked={how.value.dropFaulty ?? false}
          onChange={(event) => set('dropFaulty', event.currentTarget.checked)}
        />{' '}
        leave out rows that cannot be used
      </label>
    </details>
  );
}
