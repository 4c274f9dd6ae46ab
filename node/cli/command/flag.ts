// What a flag of the command line is: plain data, which the help shows and the parser reads. Nothing heavy is
// loaded for it, so that help and a mistyped flag are answered at once.
import type { Rule } from './rules.ts';

/** Whether a flag may be left out, must be given, or has a default. */
export type Presence = 'optional' | 'needed' | 'defaulted';

/** One flag, or one operand. `T` is what a text becomes; with `many` the setting is a list of them. */
export interface Flag<T = unknown, P extends Presence = Presence, M extends boolean = boolean> {
  readonly presence: P;
  /** How help names the value, in capitals; undefined for a switch. */
  readonly value: string | undefined;
  /** What it is for: the rest of its line in the help. */
  readonly what: string;
  readonly rule: Rule<T>;
  /** Whether it can be given several times. */
  readonly many: M;
  /** Whether it is a word of its own, without `--`. */
  readonly operand: boolean;
  /** Whether it names a file that the command writes: never one that it reads. */
  readonly output?: boolean;
  /** The default; it may lie below the home folder. */
  readonly fallback?: (home: string) => T;
  /** The default as help shows it. */
  readonly shown?: string;
}

/** The flags of one action by their names in camel case: `passwordFile` is `--password-file`. */
export type Flags = Readonly<Record<string, Flag>>;

type Value<F> = F extends Flag<infer T, Presence, infer M> ? (M extends true ? readonly T[] : T) : never;
type OptionalNames<F extends Flags> = {
  [N in keyof F]: F[N]['presence'] extends 'optional' ? N : never;
}[keyof F];

/**
 * What the flags of an action become: defaults are filled in, an optional flag that is not given is absent.
 */
export type Settings<F extends Flags> = {
  readonly [N in Exclude<keyof F, OptionalNames<F>>]: Value<F[N]>;
} & { readonly [N in OptionalNames<F>]?: Value<F[N]> };

/** A flag that may be left out. */
export function flag<T>(value: string, what: string, rule: Rule<T>): Flag<T, 'optional', false> {
  return { presence: 'optional', value, what, rule, many: false, operand: false };
}

/** A flag without a value: false unless it is given. */
export function toggle(what: string): Flag<boolean, 'defaulted', false> {
  const rule: Rule<boolean> = { must: 'given without a value', read: () => true };
  return {
    presence: 'defaulted',
    value: undefined,
    what,
    rule,
    many: false,
    operand: false,
    fallback: () => false,
  };
}

/** The flag, but the command cannot do without it. */
export function needed<T, M extends boolean>(of: Flag<T, 'optional', M>): Flag<T, 'needed', M> {
  return { ...of, presence: 'needed' };
}

/** The flag, but it names a file that the command writes. */
export function output<F extends Flag>(of: F): F {
  return { ...of, output: true };
}

/** A word that follows the action, which cannot do without it. */
export function operand<T>(value: string, what: string, rule: Rule<T>): Flag<T, 'needed', false> {
  return { ...needed(flag(value, what, rule)), operand: true };
}

/** The flag, but it can be given several times. */
export function many<T>(of: Flag<T, 'optional', false>): Flag<T, 'optional', true> {
  return { ...of, many: true };
}

/** The flag with a default. @param shown the default in the help, where it is not its own text. */
export function withDefault<T>(
  of: Flag<T, Presence, false>,
  fallback: T | ((home: string) => T),
  shown: string = String(fallback),
): Flag<T, 'defaulted', false> {
  const give = typeof fallback === 'function' ? (fallback as (home: string) => T) : () => fallback;
  return { ...of, presence: 'defaulted', fallback: give, shown };
}

/** The flag, with a default that the command works out itself. */
export function withShown<F extends Flag>(of: F, shown: string): F {
  return { ...of, shown };
}

/** The flag, said in the words of one command. */
export function saying<F extends Flag>(of: F, what: string): F {
  return { ...of, what };
}

/** A flag's name on the command line, without `--`. */
export function flagName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
