// A page whose words stand in a template and whose figures are put in: no figure of it is anybody's memory.

/** A Markdown table. */
export const table = (head: readonly string[], lines: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** The template with each `{{name}}` replaced by what its part makes. */
export const fillPage = (template: string, parts: Readonly<Record<string, () => string>>): string =>
  template.replace(/\{\{([a-z-]+)\}\}/g, (_, name: string) => {
    const part = parts[name];
    if (!part) throw new Error(`page: nothing is called ${name}`);
    return part();
  });

/** Prose in lines of at most 120 columns. @param indent before each line but the first. */
export function wrapped(text: string, indent = ''): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= 120)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(last === undefined ? word : `${indent}${word}`);
  }
  return lines.join('\n');
}
