// What a verb of the command line is: `murmur <verb> [action] [flags]`. Its summary, help and flags are plain
// data; its work is loaded when it runs.
import type { Flags, Settings } from './flag.ts';

/** One action of a verb, or a verb without actions. */
export interface Action<F extends Flags = Flags> {
  /** One line: what it does. */
  readonly summary: string;
  /** What there is to know beyond the summary, in paragraphs. */
  readonly details?: string;
  /** In the order in which help shows them. */
  readonly flags: F;
  /** Words that a flag takes, each with one line, by the heading that help shows them under. */
  readonly lists?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Command lines that work. */
  readonly examples: readonly string[];
  /** Loads the work and does it; rejects with the fault. */
  readonly run: (settings: Settings<F>) => Promise<unknown>;
}

/** A verb with actions. */
export interface Group {
  readonly summary: string;
  readonly details?: string;
  /** What the verb does where no action is named. */
  readonly itself?: Action;
  readonly actions: Readonly<Record<string, Action>>;
  readonly examples: readonly string[];
}

export type Verb = Action | Group;

/** An action whose work takes exactly what its flags give: the compiler compares them here. */
export function action<const F extends Flags>(of: Action<F>): Action {
  return of as unknown as Action;
}

/** Whether a verb has actions. */
export function isGroup(verb: Verb): verb is Group {
  return 'actions' in verb;
}
