// The left-handed trainer of the example, told from its rounds as they are settled.
import type { Run } from '../../api/run.ts';
import { short } from '../format.ts';
import { Sentences } from './outcome.tsx';

export function Story({ run: { story } }: { readonly run: Run }) {
  if (!story) return null;
  return (
    <section>
      <h2>The left-handed trainer</h2>
      <p>
        One of the other trainers, <span title={story.who}>{short(story.who)}</span>, is left-handed: its
        digits are mirrored, and so is a fifth of what the validators hold back. Nobody on the chain is told
        so, and nobody sees its update; this page knows, since it has set the example up. All see its scores,
        strikes and rewards, of which this is:
      </p>
      <Sentences of={story.says} />
    </section>
  );
}
