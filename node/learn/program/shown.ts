// What is shown of what a program says: bounded, on one line, and nothing that a terminal would obey.
import { longestLine, mostLines } from './limits.ts';

/** A text of a program as one line for people. */
export function shown(text: string): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return plain.length > longestLine ? `${plain.slice(0, longestLine)} …` : plain;
}

/** Lines of a standard error, the first ones of each order; the rest is counted. */
export class BoundedLines {
  readonly #hear: (line: string) => void;
  #part = '';
  #said = 0;

  constructor(hear: (line: string) => void) {
    this.#hear = hear;
  }

  push(text: string): void {
    const lines = (this.#part + text).split('\n');
    // What follows is cut off when it is shown, in any case.
    this.#part = lines.pop()!.slice(0, 2 * longestLine);
    for (const line of lines) this.#say(line);
  }

  /** Says what is left, and how much was not said; the next order has its own lines. */
  flush(): void {
    if (this.#part.trim() !== '') this.#say(this.#part);
    this.#part = '';
    if (this.#said > mostLines) this.#hear(`(${this.#said - mostLines} more lines are not shown)`);
    this.#said = 0;
  }

  #say(line: string): void {
    const text = shown(line);
    if (text === '') return;
    this.#said += 1;
    if (this.#said <= mostLines) this.#hear(text);
  }
}
