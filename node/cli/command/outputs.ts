// What a command writes must not be what it reads: a mistyped --out would cost somebody a file of patients.
import { statSync } from 'node:fs';
import { NodeError } from '../../errors.ts';
import { type Flags, flagName } from './flag.ts';

/**
 * Checks that no file that a command writes is one that another of its flags names, by whatever path or link.
 * @throws NodeError `input`
 */
export function checkOutputs(flags: Flags, settings: Readonly<Record<string, unknown>>): void {
  const files = Object.entries(flags).flatMap(([name, { rule, many }]) => {
    const value = settings[name];
    if (value === undefined || !rule.file) return [];
    const values = many ? (value as readonly unknown[]) : [value];
    return values.map((each) => ({ name, file: rule.file!(each) }));
  });
  for (const { name, file } of files) {
    if (file === undefined || !flags[name]!.output) continue;
    const other = files.find(
      (each) => each.name !== name && each.file !== undefined && isSame(each.file, file),
    );
    if (other)
      throw new NodeError(
        'input',
        `--${flagName(name)} is ${file}, which --${flagName(other.name)} names too, but a command does not ` +
          'overwrite what it reads',
        { mend: 'Name another file.' },
      );
  }
}

/** Whether two paths lead to one file; of two that are not there yet, whether they are the same. */
function isSame(a: string, b: string): boolean {
  if (a === b) return true;
  const [first, second] = [a, b].map((file) => statSync(file, { throwIfNoEntry: false }));
  return first !== undefined && first.ino === second?.ino && first.dev === second.dev;
}
