// HTML from templates: every value is escaped unless it is markup from here.

/** Markup that is safe to insert as it is. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for an element or a quoted attribute. */
export const escapeText = (text: string): string => text.replace(/[&<>"']/g, (c) => entities[c]!);

type Value = Markup | string | number | readonly Markup[];

const insert = (value: Value): string => {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return (value as readonly Markup[]).map((part) => part.text).join('');
  return escapeText(String(value));
};

/** A template whose values are escaped; markup and lists of markup go in as they are. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Markup {
  return new Markup(strings.reduce((out, part, i) => out + insert(values[i - 1]!) + part));
}
