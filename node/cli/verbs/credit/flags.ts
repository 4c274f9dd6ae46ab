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

/** A number of up to 32 bytes. */
export const hexWord: Rule<bigint> = {
  must: 'up to 64 hexadecimal digits, 0x12 or alike',
  read: (given) => (/^0x[0-9a-fA-F]{1,64}$/.test(given) ? BigInt(given) : undefined),
};

/** A point of Baby Jubjub. */
export const keyPoint: Rule<{ readonly x: bigint; readonly y: bigint }> = {
  must: 'two numbers in hexadecimal digits, 0x12,0x34 or alike',
  read(given) {
    const [x, y, ...rest] = given.split(',').map(hexWord.read);
    return x !== undefined && y !== undefined && rest.length === 0 ? { x, y } : undefined;
  },
};

/** An amount of some token, whose decimals are known later. */
export const decimalAmount: Rule<string> = {
  must: 'an amount such as 100 or 0.5',
  read: (given) => (/^\d{1,15}(\.\d{1,18})?$/.test(given) && Number(given) > 0 ? given : undefined),
};
