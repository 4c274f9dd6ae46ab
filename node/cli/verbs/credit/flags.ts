// Rules of flags that credit scores alone have.
import type { Rule } from '../../command/rules.ts';

/** Nine chances of default, rising. */
export const ladder: Rule<readonly number[]> = {
  must: 'nine chances that rise, 0.02,0.05,0.1,0.15,0.2,0.3,0.4,0.5,0.65 or others',
  read(given) {
    const chances = given.split(',').map((text) => (/^0\.\d{1,15}$/.test(text) ? Number(text) : Number.NaN));
    const rising = chances.every((chance, i) => chance > (chances[i - 1] ?? 0));
    return chances.length === 9 && rising ? chances : undefined;
  },
};

/** An attribute of a file whose groups are compared: its values, or its numbers cut at places. */
export const groupedBy: Rule<{ readonly column: string; readonly cuts: readonly number[] }> = {
  must: 'a column, or a numeric one with cuts, age:26,40,60 or alike',
  read(given) {
    const [, column, list] = /^([^:]{1,200})(?::([-\d.,]{1,200}))?$/.exec(given) ?? [];
    if (column === undefined) return undefined;
    const cuts =
      list?.split(',').map((text) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN)) ?? [];
    return cuts.every((cut, i) => cut > (cuts[i - 1] ?? Number.NEGATIVE_INFINITY))
      ? { column, cuts }
      : undefined;
  },
};

/** A column, and on what ground a protected attribute decides about credit. */
export const protectedColumn: Rule<readonly [column: string, reason: string]> = {
  must: 'a column and a reason of 10 characters or more, age=allowed where it is used or alike',
  read(given) {
    const [, column, reason] = /^([^=]{1,200})=(.{10,500})$/.exec(given) ?? [];
    return column !== undefined && reason !== undefined ? [column, reason] : undefined;
  },
};
