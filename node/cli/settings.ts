// Every setting of the roles' commands in one place: its flag, its default, its rule. Nothing of the command line is used unparsed.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Address, getAddress, isAddress } from 'viem';
import { z } from 'zod';
import { adversaries, demoSeed } from '../demo/index.ts';
import { describeError, UserError } from './errors.ts';

const defaultHome = join(homedir(), '.murmuration');

const path = z
  .string()
  .min(1)
  .max(4096)
  .transform((value) => resolve(value));
const whole = (low: number, high: number) =>
  z
    .string()
    .regex(/^-?\d{1,16}$/, 'a whole number')
    .transform(Number)
    .pipe(z.int().min(low).max(high));
const address = z
  .string()
  .refine((value) => isAddress(value), 'an address: 0x and 40 hexadecimal digits')
  .transform((value): Address => getAddress(value));
/** Tokens with up to 18 decimals, as a number of the smallest unit. */
const amount = z
  .string()
  .regex(/^\d{1,15}(\.\d{1,18})?$/, 'an amount of tokens, such as 100 or 0.5')
  .transform((text) => {
    const [tokens, decimals = ''] = text.split('.') as [string, string?];
    return BigInt(tokens) * 10n ** 18n + BigInt(decimals.padEnd(18, '0'));
  });

const store = z.string().refine((text) => !text.startsWith('kubo:') || URL.canParse(text.slice(5)), {
  message: 'a folder, or kubo: and the address of a node, such as kubo:http://127.0.0.1:5001',
});

/** What a trainer or validator learns from or judges on. */
const data = z
  .string()
  .max(4096)
  .transform((text, context) => {
    const digits = /^mnist:(\d{1,4})\/(\d{1,4})(:mirrored)?$/.exec(text);
    if (digits) {
      const [part, of] = [Number(digits[1]), Number(digits[2])];
      if (part >= 1 && part <= of && of <= 1000)
        return { kind: 'mnist', part, of, mirrored: digits[3] !== undefined } as const;
    }
    if (text.startsWith('csv:') && text.length > 4)
      return { kind: 'csv', file: resolve(text.slice(4)) } as const;
    context.addIssue({
      code: 'custom',
      message: 'mnist:PART/OF, mnist:PART/OF:mirrored (1 <= PART <= OF <= 1000) or csv:FILE',
    });
    return z.NEVER;
  });

/** A flag's rule; the names are those of the command line. */
const rules = {
  home: path,
  rpc: z.url({ protocol: /^https?$/ }),
  deployment: path,
  task: z
    .string()
    .regex(/^[1-9]\d{0,17}$/, 'the number of a task, from 1')
    .transform(BigInt),
  account: address,
  keystore: path,
  'password-file': path,
  state: path,
  store,
  /** Manifests of ceremony keys; several for `deploy`. */
  keys: z.array(path).max(8),
  data,
  listen: z.array(z.string().min(1).max(256)).max(8),
  stake: amount,
  proof: path,
  weight: whole(1, 1023),
  confirmations: whole(0, 10_000),
  interval: whole(50, 60_000),
  token: address,
  presets: z
    .string()
    .transform((text) => text.split(','))
    .pipe(
      z
        .array(z.enum(['tiny', 'quick', 'base', 'wide']))
        .min(1)
        .max(4),
    ),
  preset: z.enum(['tiny', 'quick']),
  description: path,
  policy: path,
  model: path,
  out: path,
  seed: whole(0, Number.MAX_SAFE_INTEGER),
  rounds: whole(1, 100_000),
  trainers: whole(2, 64),
  validators: whole(1, 32),
  threshold: whole(2, 64),
  phase: whole(1, 86_400),
  appeal: whole(1, 604_800),
  join: whole(1, 604_800),
  'min-gain': whole(-10_000, 10_000),
  adversary: z.enum(adversaries),
  again: z.boolean(),
  port: whole(0, 65_535),
  json: z.boolean(),
} as const;

export type Flag = keyof typeof rules;
type Rules = typeof rules;
type Parsed = { [F in Flag]?: z.output<Rules[F]> };
export type DataChoice = z.output<typeof data>;

/** Parsed settings: what was given, and defaults for the rest. */
export type Settings = Parsed &
  Required<Pick<Parsed, 'home' | 'rpc' | 'deployment' | 'keystore' | 'store' | 'json' | 'seed'>>;

const booleans: ReadonlySet<Flag> = new Set(['again', 'json']);
const lists: ReadonlySet<Flag> = new Set(['keys', 'listen']);

/** Flags that every command of a role takes. */
export const common: readonly Flag[] = ['home', 'json'];
/** Flags of commands that look at the chain: where the federation is, the same for all of them. */
export const chainFlags: readonly Flag[] = [...common, 'rpc', 'deployment', 'store'];
/** Flags of commands that sign. */
export const accountFlags: readonly Flag[] = [...chainFlags, 'account', 'keystore', 'password-file'];

/**
 * Reads the arguments of `murmur VERB`.
 * @param actions flags of each action; the first word of the arguments is the action.
 * @throws UserError naming the flag and the rule.
 */
export function readSettings<A extends string>(
  verb: string,
  args: string[],
  actions: Record<A, readonly Flag[]>,
): { action: A; settings: Settings } {
  const { values, positionals } = parse(args);
  const [action = '', ...words] = positionals;
  if (action === '')
    throw new UserError(
      `\`${verb}\` needs an action: ${Object.keys(actions).join(', ')}. See \`npm run murmur -- ${verb} --help\`.`,
    );
  if (!Object.hasOwn(actions, action))
    throw new UserError(
      `unknown action ${JSON.stringify(action)} of ${verb}; there are ${Object.keys(actions).join(', ')}. See --help.`,
    );
  if (words.length > 0)
    throw new UserError(`unexpected argument ${JSON.stringify(words[0])} of ${verb} ${action}; see --help.`);
  return { action: action as A, settings: check(`${verb} ${action}`, values, actions[action as A]) };
}

/** The same for a verb without actions; `home` is where it keeps things unless it is told. */
export function readFlags(
  verb: string,
  args: string[],
  flags: readonly Flag[],
  home: string = defaultHome,
): Settings {
  const { values, positionals } = parse(args);
  if (positionals.length > 0)
    throw new UserError(`unexpected argument ${JSON.stringify(positionals[0])}; see --help.`);
  return check(verb, values, flags, home);
}

function parse(args: string[]) {
  const options = Object.fromEntries(
    (Object.keys(rules) as Flag[]).map((name) => [
      name,
      booleans.has(name)
        ? { type: 'boolean' as const }
        : { type: 'string' as const, multiple: lists.has(name) },
    ]),
  );
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UserError(describeError(error));
  }
}

function check(
  command: string,
  values: Record<string, unknown>,
  allowed: readonly Flag[],
  defaultAt: string = defaultHome,
): Settings {
  const parsed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    if (!allowed.includes(name as Flag))
      throw new UserError(`\`${command}\` does not take --${name}; see --help.`);
    const result = rules[name as Flag].safeParse(value);
    if (!result.success)
      throw new UserError(
        `--${name} is ${JSON.stringify(value)}, but it must be: ${result.error.issues[0]!.message}.`,
      );
    parsed[name] = result.data;
  }
  const { home = defaultAt, ...given } = parsed as Parsed;
  return {
    home,
    rpc: 'http://127.0.0.1:8545',
    deployment: join(home, 'deployment.json'),
    keystore: join(home, 'keystore'),
    store: join(home, 'store'),
    json: false,
    seed: demoSeed,
    ...given,
  };
}

/** A setting that a command cannot do without. */
export function need<F extends Flag>(settings: Settings, flag: F, command: string): NonNullable<Settings[F]> {
  const value = settings[flag];
  if (value === undefined) throw new UserError(`\`${command}\` needs --${flag}; see --help.`);
  return value as NonNullable<Settings[F]>;
}
