// Who may ask for what: bearer tokens by name, of which the file keeps hashes alone.
import { createHash, randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { NodeError } from '../../errors.ts';
import { makeFolder, writeAtomically } from '../../state/index.ts';

/**
 * What a token is good for:
 * - `public`: jobs whose witness is public, the proofs of sums;
 * - `secret`: jobs of every circuit; only for the institution whose secrets they are;
 * - `operate`: everybody's jobs, dead letters and their retrying;
 * - `metrics`: the metrics.
 */
export const scopes = ['public', 'secret', 'operate', 'metrics'] as const;
export type Scope = (typeof scopes)[number];

const tokensSchema = z.strictObject({
  tokens: z.array(
    z.strictObject({
      name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      scopes: z.array(z.enum(scopes)).min(1),
    }),
  ),
});
type TokensFile = z.output<typeof tokensSchema>;

/** Somebody who asks. */
export interface Caller {
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
}

/** The tokens of a service. */
export interface Tokens {
  /** Who a token belongs to; undefined where nobody has it. A change of the file counts within a second. */
  callerOf(token: string): Promise<Caller | undefined>;
}

/** Milliseconds between two looks at the file. */
const lookInterval = 1000;

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');

/** @throws NodeError `state` for a file that is missing or malformed. */
export async function openTokens(file: string): Promise<Tokens> {
  let known = callers(await readTokens(file));
  let written = (await stat(file)).mtimeMs;
  let looked = performance.now();
  let looking: Promise<void> | undefined;
  /** Reads the file again if it changed; while it is missing or broken, what is known goes on. */
  const look = async () => {
    const info = await stat(file).catch(() => undefined);
    const read = info && info.mtimeMs !== written && (await readTokens(file).catch(() => undefined));
    if (!read) return;
    known = callers(read);
    written = info.mtimeMs;
  };
  const lookAgain = () => {
    looked = performance.now();
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  return {
    async callerOf(token) {
      if (performance.now() - looked > lookInterval) await lookAgain();
      // Looked up by hash: how long that takes tells nothing of a token. One that is new is found at once.
      const hash = hashOf(token);
      if (!known.has(hash)) await lookAgain();
      return known.get(hash);
    },
  };
}

const callers = ({ tokens }: TokensFile): Map<string, Caller> =>
  new Map(tokens.map(({ name, sha256, scopes }) => [sha256, { name, scopes: new Set(scopes) }]));

async function readTokens(file: string): Promise<TokensFile> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new NodeError(
      'state',
      `${file}, the tokens of the prover service, cannot be read (${cause.code})`,
      {
        mend: '`murmur prover token` makes one.',
        cause,
      },
    );
  });
  try {
    return tokensSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new NodeError('state', `${file} does not hold tokens`, { cause });
  }
}

/**
 * Makes a token and adds its hash to the file; another one of the same name is replaced.
 * @returns the token: it is shown this once.
 */
export async function addToken(
  file: string,
  { name, scopes }: { readonly name: string; readonly scopes: readonly Scope[] },
): Promise<string> {
  const there = await stat(file).then(
    () => true,
    () => false,
  );
  if (!there) await makeFolder(dirname(file), 0o700);
  const { tokens } = there ? await readTokens(file) : { tokens: [] };
  const token = `murmur_${randomBytes(32).toString('base64url')}`;
  const others = tokens.filter((each) => each.name !== name);
  const next = tokensSchema.parse({ tokens: [...others, { name, sha256: hashOf(token), scopes }] });
  await writeAtomically(file, `${JSON.stringify(next, null, 1)}\n`);
  return token;
}
