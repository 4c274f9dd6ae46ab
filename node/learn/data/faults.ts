// What is wrong with a table: every fault, by column and kind, with how often and the first places.
import { NodeError } from '../../errors.ts';

/** Places of a fault that are told. */
const shownPlaces = 3;

/** One kind of fault in one column, or in whole rows. */
export interface Fault {
  /** The column; undefined for a fault of rows. */
  readonly column: string | undefined;
  /** What is wrong, in words that follow the count, or with a whole column its name. */
  readonly what: string;
  /** Cells or rows that have it; undefined for a fault of the whole column, which no row can be left out for. */
  readonly count?: number;
  /** The first places, with the text that is there. */
  readonly examples: readonly { readonly place: string; readonly text: string }[];
  readonly mend?: string;
}

/** Words for one, and for several. */
export type Counted = readonly [one: string, several: string];

interface Collected {
  readonly column: string | undefined;
  readonly words: Counted;
  readonly mend: string | undefined;
  readonly examples: { readonly place: string; readonly text: string }[];
  count: number;
}

/** Collects faults as rows are read. */
export class FaultList {
  readonly #cells = new Map<string, Collected>();
  readonly #columns: Fault[] = [];
  readonly #rows = new Set<number>();

  /** A cell, or a row that is in no list: then `at` names no row. */
  add(
    { column, words, mend }: { readonly column?: string; readonly words: Counted; readonly mend?: string },
    at: { readonly row?: number; readonly place: string; readonly text: string },
  ): void {
    const key = JSON.stringify([column, words, mend]);
    const known = this.#cells.get(key) ?? { column, words, mend, examples: [], count: 0 };
    this.#cells.set(key, known);
    known.count++;
    if (at.row !== undefined) this.#rows.add(at.row);
    if (known.examples.length < shownPlaces)
      known.examples.push({ place: at.place, text: at.text.slice(0, 40) });
  }

  /** A column as a whole. */
  addColumn(column: string, what: string, mend: string): void {
    this.#columns.push({ column, what, mend, examples: [] });
  }

  /** Rows that have a fault. */
  get rows(): ReadonlySet<number> {
    return this.#rows;
  }

  get faults(): readonly Fault[] {
    const cells = [...this.#cells.values()].map(
      ({ column, words: [one, several], mend, examples, count }) => ({
        column,
        what: count === 1 ? one : several,
        count,
        examples,
        ...(mend !== undefined && { mend }),
      }),
    );
    return [...this.#columns, ...cells];
  }
}

/** Characters of a cell that are shown: one may be as long as the file. */
const mostShown = 80;

const quoted = (text: string): string =>
  text.length > mostShown
    ? `${JSON.stringify(text.slice(0, mostShown))} and ${text.length - mostShown} characters more`
    : JSON.stringify(text);

/** A fault as a line: column, count, what, and the first places. */
export function faultLine({ column, what, count, examples }: Fault): string {
  const places = examples.map(({ place, text }) => `${place}: ${quoted(text)}`).join('; ');
  const more = count !== undefined && count > examples.length ? ', ...' : '';
  const subject = [
    ...(column === undefined ? [] : [`${column}:`]),
    ...(count === undefined ? [] : [`${count}`]),
  ];
  return [...subject, what, ...(places ? [`(${places}${more})`] : [])].join(' ');
}

/** The refusal of a table, with all that is wrong with it. */
export function refusal(faults: readonly Fault[], rows: number, left: number): NodeError {
  const [first] = faults;
  const lines = faults.map(faultLine).join(' | ');
  return new NodeError(
    'learning',
    `data: ${lines}${left > 0 && left < rows ? `; in ${left} of ${rows} rows` : ''}`,
    {
      mend:
        (faults.length === 1 ? first!.mend : undefined) ??
        `${faults.flatMap(({ mend }) => mend ?? []).join(' ')} \`murmur data check\` shows the whole file.`.trim(),
    },
  );
}
