// What a role takes for done ends with the history on which it did it.
import { expect, it } from 'vitest';
import { emptyJournal } from '../../../../node/chain/index.ts';
import { OfHistory } from '../../../../node/roles/runtime/of_history.ts';

it('a memory lasts while the journal is of one history, and begins anew after a reorganisation', () => {
  const chain = { journal: emptyJournal() };
  const done = new OfHistory(chain, () => new Set<string>());
  done.value.add('announced');
  chain.journal.announcements.push({ sender: '0x1', topic: '0x2', digest: '0x3', block: 4n });
  expect([...done.value]).toEqual(['announced']);
  chain.journal = emptyJournal();
  expect(done.value.size).toBe(0);
  done.value = new Set(['again']);
  expect([...done.value]).toEqual(['again']);
});
