// What a verb of the command line is: `npm run murmur -- <verb> [arguments]`.

/** One verb. `run` gets the arguments after the verb and resolves to the exit code. */
export interface Verb {
  /** One line for the list of verbs. */
  summary: string;
  /** The whole help, with examples, shown for `--help`. */
  help: string;
  run(args: string[]): Promise<number>;
}
