// Sizes as rows of numbers of bytes, and as the table that documents show.

export interface SizeTable {
  /** What is measured, with what is to be known of it. */
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly name: string;
    /** Bytes, a column each; undefined where there is none. */
    readonly bytes: readonly (number | undefined)[];
  }[];
}

const units = ['B', 'KB', 'MB', 'GB'] as const;

/** Bytes with three digits, in powers of a thousand. */
export function shownBytes(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ${units[power]}`;
}

/** Markdown. */
export function tableOf({ title, columns, rows }: SizeTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `${title}\n`,
    line(['', ...columns]),
    line(['---', ...columns.map(() => '---:')]),
    ...rows.map(({ name, bytes }) =>
      line([name, ...bytes.map((each) => (each === undefined ? '' : shownBytes(each)))]),
    ),
  ].join('\n');
}
