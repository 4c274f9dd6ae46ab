// A fault, and how to mend it.
import type { Fault } from '../../api/words.ts';

export function Notice({ fault: { message, mend } }: { readonly fault: Fault }) {
  return (
    <p class="notice" role="alert">
      <b>{message}</b> {mend}
    </p>
  );
}
