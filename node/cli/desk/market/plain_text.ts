// Text that strangers wrote, for a page: nothing that hides, reverses or breaks what stands beside it.

/** Controls, and what has no glyph of its own: marks of writing direction, joiners, tags, private and unassigned. */
const unseen = /[\p{C}\u2028\u2029]/gu;
/** Marks that stack on a letter: more than a few cover the lines above. */
const stacked = /(\p{M}{3})\p{M}+/gu;

/** The text with what is not seen as `\uFFFD`, on one line, cut at so many characters. */
export function plainText(text: string, most: number): string {
  const plain = text.replaceAll(/\s+/g, ' ').replaceAll(unseen, '\uFFFD').replaceAll(stacked, '$1').trim();
  const characters = [...plain];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : plain;
}
