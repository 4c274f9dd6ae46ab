// Numbers as people and programs write them.

const plain = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;

/** A number written with a point, digits and at most an exponent: no hexadecimal digits, no words. */
export function numberOf(text: string): number | undefined {
  if (!plain.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** What is equal for texts that are the same value: numbers compare by value, so that `3` and `3.0` are one. */
export function valueKey(text: string): string {
  const value = numberOf(text);
  return value === undefined ? `text ${text}` : `number ${value}`;
}
