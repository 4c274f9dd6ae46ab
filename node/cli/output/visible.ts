// Text of others on a terminal: names that a planner gave, words of a node, what a parser quotes of a content. A terminal
// obeys some characters instead of showing them: they clear what a review has said, or write into the clipboard.

/** Controls but for line feed and tab, separators of lines, and marks that turn the direction of writing. */
const obeyed = /(?![\n\t])\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** The text with each of these as `\uFFFD`. */
export const visible = (text: string): string => text.replaceAll(obeyed, '\uFFFD');
