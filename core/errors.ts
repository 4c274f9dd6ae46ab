// The family of errors: every error that can reach a user has a code to branch on, a message, and where it is
// known a mend.

/** What an error is made of beside its message. */
export interface ErrorParts {
  /** How to mend the fault, as a sentence: "Clip it when quantising." */
  readonly mend?: string;
  /** The error that led to this one. */
  readonly cause?: unknown;
}

/**
 * The common parent. A library's error narrows `Code` to its own codes, which its documentation lists.
 *
 * @example
 * try {
 *   await loadKeys(path);
 * } catch (error) {
 *   if (!(error instanceof MurmurationError) || error.code !== 'key-file') throw error;
 *   console.error(error.message, error.mend);
 * }
 */
export class MurmurationError<Code extends string = string> extends Error {
  /** Names the kind of fault; stable between versions. */
  readonly code: Code;
  /** How to mend the fault, where it is known. */
  readonly mend: string | undefined;

  /** @param message names the value and the rule that it breaks, without a full stop where a mend follows. */
  constructor(code: Code, message: string, { mend, cause }: ErrorParts = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.mend = mend;
  }

  /** The first error of the chain of causes, this one included, that fits; `undefined` where none does. */
  walk<T extends Error>(fits: (error: Error) => error is T): T | undefined;
  walk(fits: (error: Error) => boolean): Error | undefined;
  walk(fits: (error: Error) => boolean): Error | undefined {
    return walkCauses(this, fits);
  }
}

/** Like {@link MurmurationError.walk}, for an error of any origin. */
export function walkCauses(error: unknown, fits: (error: Error) => boolean): Error | undefined {
  const seen = new Set<Error>();
  for (let at = error; at instanceof Error && !seen.has(at); at = at.cause) {
    if (fits(at)) return at;
    seen.add(at);
  }
  return undefined;
}

/** The reason that a caught value gives: an error's message, else the value as text. */
export function reasonOf(caught: unknown): string {
  return caught instanceof Error ? caught.message : String(caught);
}
