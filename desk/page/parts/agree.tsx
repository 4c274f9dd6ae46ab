// The box that somebody ticks before anything is signed.
import type { ComponentChildren } from 'preact';

interface AgreeProps {
  /** What is agreed to. Other terms take the tick away: nobody agrees to what was not shown. */
  readonly terms: string;
  readonly agreed: string | undefined;
  readonly change: (agreed: string | undefined) => void;
  readonly children: ComponentChildren;
}

/** Ticked where these very terms were agreed to. */
export function Agree({ terms, agreed, change, children }: AgreeProps) {
  return (
    <label class="block">
      <input
        type="checkbox"
        checked={agreed === terms}
        onChange={(event) => change(event.currentTarget.checked ? terms : undefined)}
      />{' '}
      {children}
    </label>
  );
}
