// A text that somebody else's program printed: pasted, or the file of it.
interface Props {
  readonly label: string;
  readonly value: string;
  readonly set: (text: string) => void;
}

/** Characters that are taken, at most: the node takes no more. */
const most = 20_000;

export function PasteOrFile({ label, value, set }: Props) {
  return (
    <div class="paste">
      <label class="block">
        {label}
        <textarea
          rows={4}
          maxLength={most}
          spellcheck={false}
          value={value}
          onInput={(event) => set(event.currentTarget.value)}
        />
      </label>
      <label>
        or its file{' '}
        <input
          type="file"
          accept=".json,application/json"
          aria-label={`${label}, as a file`}
          onChange={async (event) => set((await event.currentTarget.files?.[0]?.slice(0, most).text()) ?? '')}
        />
      </label>
    </div>
  );
}
