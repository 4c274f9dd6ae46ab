// Whether a file fits a task, as a word with a mark: colour alone says nothing to many.
import type { Match } from '../../api/file.ts';

const words = {
  yes: ['fits', '✓', 'your file fits'],
  rows: ['partly', '~', 'your file fits, less some rows'],
  no: ['not', '✕', 'your file does not fit'],
} as const;

export function Fit({ match }: { readonly match: Match | undefined }) {
  if (!match) return null;
  const [name, mark, says] = words[match.fits];
  return (
    <span class={`chip ${name}`}>
      <span aria-hidden="true">{mark}</span> {says}
    </span>
  );
}
