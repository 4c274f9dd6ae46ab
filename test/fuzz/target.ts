// What is fuzzed: a reader of bytes that come from elsewhere, with inputs that it takes, and how it may refuse others.
import { MurmurationError } from '@murmuration/core';
import type { Mutator } from './mutate/mutator.ts';

/** A reader, ready to be given inputs. */
export interface Prepared {
  /** Inputs that it takes. */
  readonly corpus: readonly Uint8Array[];
  /** Changes that know the form of an input, beside those of any bytes. */
  readonly mutators?: readonly Mutator[];
  /** Whether no other changes make sense: what is read is not bytes but a value. */
  readonly formOnly?: boolean;
  /** Reads an input as the program does. */
  read(input: Uint8Array): unknown;
  /** Codes of the errors by which it refuses an input. */
  readonly codes: readonly string[];
  /** What a refusal must say for a reader to know which input is at fault. */
  readonly names: RegExp;
  close?(): Promise<void>;
}

/** A target of the table. */
export interface Target {
  readonly name: string;
  /** Inputs in a short run: fewer where one costs more. */
  readonly inputs: number;
  /** Inputs that were once read wrongly. */
  readonly regressions?: (corpus: readonly Uint8Array[]) => readonly Uint8Array[];
  /** @param scratch a folder for files. */
  prepare(scratch: string): Promise<Prepared>;
}

/** Characters of a message, at most: one that repeats its input grows with it. */
const longestMessage = 4000;

/** What is wrong with how an input was refused; undefined where nothing is. */
export function wrongRefusal(
  { codes, names }: Pick<Prepared, 'codes' | 'names'>,
  error: unknown,
): string | undefined {
  if (!(error instanceof MurmurationError)) {
    const stack = error instanceof Error ? error.stack : String(error);
    return `refused by an error of no family: ${stack}`;
  }
  const { code, message } = error;
  if (!codes.includes(code)) return `refused with code ${code}, not ${codes.join(' or ')}: ${message}`;
  if (!names.test(message)) return `refused without its name (${names}): ${message.slice(0, 300)}`;
  if (message.length > longestMessage)
    return `refused by a message of ${message.length} characters: ${message.slice(0, 200)}`;
  if (message.includes('[object '))
    return `refused by a message with a value that is no text: ${message.slice(0, 300)}`;
  return undefined;
}
