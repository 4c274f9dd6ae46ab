// The description of a task's data: what one row is and how it becomes a model's input.
import { z } from 'zod';
import { valueKey } from './numbers.ts';
import { normalName } from './table.ts';

/** A column's name. `__proto__` is none: as a key of an object it would vanish. */
const column = z
  .string()
  .min(1)
  .max(200)
  .refine((name) => name === name.trim(), 'has blanks at its ends, which no file is read with')
  .refine((name) => name !== '__proto__', 'is no name of a column');
const value = z
  .string()
  .max(100)
  .refine((text) => text === text.trim(), 'has blanks at its ends, which no cell is read with');
const missing = z.enum(['reject', 'mean', 'category', 'zero']);

/** A number, scaled to `(x - mean) / deviation`; statistics are given here or computed federatedly. */
const numeric = z.strictObject({
  type: z.literal('numeric'),
  name: column,
  /** Values that mean "missing" besides an empty cell, for example `?` or an impossible zero. */
  absent: z.array(value).max(16).default([]),
  missing: missing.exclude(['category']).default('reject'),
  mean: z.number().finite().optional(),
  deviation: z.number().positive().finite().optional(),
  /** Largest magnitude that counts in the federated statistics; beyond it a value is clipped. */
  range: z.tuple([z.number().finite(), z.number().finite()]).optional(),
});

/** One of the named values, one-hot. Numbers compare by value, so that `3` and `3.0` are one category. */
const categorical = z.strictObject({
  type: z.literal('categorical'),
  name: column,
  values: z.array(value.min(1)).min(2).max(1024),
  absent: z.array(value).max(16).default([]),
  /** `category`: one more column that says "missing". */
  missing: missing.exclude(['mean']).default('reject'),
});

/** The label: `classes` lists the values of each class; `threshold` makes two classes, at most and above. */
const target = z.strictObject({
  name: column,
  classes: z
    .array(z.array(value.min(1)).min(1))
    .min(2)
    .max(1024)
    .optional(),
  threshold: z.number().finite().optional(),
});

const csv = z
  .strictObject({
    kind: z.literal('csv'),
    columns: z
      .array(z.discriminatedUnion('type', [numeric, categorical]))
      .min(1)
      .max(4096),
    target,
    maxRows: z.int().min(1).max(8_000_000).default(1_000_000),
    /** Of a file. A text of V8 has at most 2^29 - 24 characters. */
    maxBytes: z.int().min(1).max(500_000_000).default(256_000_000),
    /** Share of a column's values that may lie outside of its range, and are moved to its nearer end. */
    maxClipped: z.number().min(0).max(1).default(0.2),
  })
  .superRefine((spec, context) => {
    const names = [...spec.columns.map((c) => c.name), spec.target.name].map(normalName);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined)
      context.addIssue({ code: 'custom', path: ['columns'], message: `column ${twice} is named twice` });
    spec.columns.forEach((c, i) => {
      const values = c.type === 'categorical' ? [...c.values, ...c.absent] : c.absent;
      const pair = equalPair(values);
      if (pair)
        context.addIssue({
          code: 'custom',
          path: ['columns', i],
          message: `${pair} are one value: name it once`,
        });
    });
    const pair = equalPair(spec.target.classes?.flat() ?? []);
    if (pair)
      context.addIssue({
        code: 'custom',
        path: ['target', 'classes'],
        message: `${pair} are one value: it has one class`,
      });
    if ((spec.target.classes === undefined) === (spec.target.threshold === undefined))
      context.addIssue({ code: 'custom', path: ['target'], message: 'give either classes or threshold' });
    spec.columns.forEach((c, i) => {
      if (c.type === 'numeric' && c.range && c.range[0] >= c.range[1])
        context.addIssue({
          code: 'custom',
          path: ['columns', i, 'range'],
          message: 'must be [low, high] with low < high',
        });
    });
  });

/** Two of the values that no cell tells apart, in words. */
function equalPair(values: readonly string[]): string | undefined {
  const first = new Map<string, string>();
  for (const value of values) {
    const other = first.get(valueKey(value));
    if (other !== undefined) return `${JSON.stringify(other)} and ${JSON.stringify(value)}`;
    first.set(valueKey(value), value);
  }
  return undefined;
}

const mnist = z.strictObject({
  kind: z.literal('mnist'),
  /** Side of the picture after averaging neighbouring pixels: 28 (as it is), 14 or 7. */
  side: z.union([z.literal(28), z.literal(14), z.literal(7)]).default(28),
});

/** A task's data, `mnist` or `csv`. */
export const dataSpec = z.discriminatedUnion('kind', [mnist, csv]);
/** A task's data, parsed. */
export type DataSpec = z.infer<typeof dataSpec>;
/** The schema of a table, parsed. */
export type CsvSpec = z.infer<typeof csv>;
/** One column of a table, parsed. */
export type ColumnSpec = CsvSpec['columns'][number];
/** How `csvSpec` is written: defaults may be missing. */
export const csvSpec = csv;
