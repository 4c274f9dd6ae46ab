// One line for every fault: what is wrong and how to mend it, from the family of errors and from what lies
// below it.
import { MurmurationError, walkCauses } from '@murmuration/core';
import { visible } from './visible.ts';

/** With this variable in the environment a fault is followed by its stack. */
export const debugVariable = 'MURMURATION_DEBUG';

/** A fault as it is told. */
export interface Fault {
  /**
   * The error's own code, the system's (`ENOSPC`), `chain` for what a chain's node answers, `input` for what
   * breaks a schema, or `bug` for what no user can mend.
   */
  readonly code: string;
  /** One line. */
  readonly message: string;
  /** How to mend it, as a sentence. */
  readonly mend?: string;
}

/** What an error of any origin tells a user. */
export function faultOf(error: unknown): Fault {
  // What this program says of an error is told before what viem wrapped it in.
  const known = walkCauses(error, (cause) => cause instanceof MurmurationError) ?? walkCauses(error, isTold);
  if (!known) {
    if (!(error instanceof Error)) return { code: 'bug', message: line(String(error)) };
    return { code: 'bug', message: line(String(error).replace(/^Error: /, '')), mend: bug };
  }
  if (!(known instanceof MurmurationError)) return told(known);
  // An error that names no mend may have been led to by one that does: a store that cannot write, by a disk
  // that is full.
  const { code, message, cause } = known;
  const below = known.mend === undefined ? walkCauses(cause, hasMend) : undefined;
  const mend = known.mend ?? (below && told(below).mend);
  return { code, message: line(message), ...(mend !== undefined && { mend: line(mend) }) };
}

const bug = `This is a bug; ${debugVariable}=1 shows where it arose.`;

/** The one line that a failed command prints: the fault and, where it is known, the mend. */
export function describeError(error: unknown): string {
  const { message, mend } = faultOf(error);
  return mend ? `${message.replace(/[.;,]$/, '')}. ${mend}` : message;
}

/** What a schema found wrong, in one line: where and what, the first few of them. */
export function describeIssues({ issues }: SchemaError): string {
  const shown = issues
    .slice(0, maxIssues)
    .map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`);
  const more = issues.length > maxIssues ? ` (and ${issues.length - maxIssues} more)` : '';
  return `${shown.join('; ')}${more}`;
}

const maxIssues = 5;

/** Zod's error, known by its form: to load zod for a fault would take longer than the fault. */
interface SchemaError {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

/** viem's errors carry a page of request and stack in their message, and the reason apart. */
interface ChainError {
  readonly shortMessage: string;
  readonly details?: string;
}

type SystemError = NodeJS.ErrnoException & { readonly port?: number };

const isSchemaError = (error: object): error is SchemaError =>
  'issues' in error && Array.isArray(error.issues);
const isChainError = (error: object): error is ChainError =>
  'shortMessage' in error && typeof error.shortMessage === 'string';
const isSystemError = (error: object): error is SystemError =>
  'code' in error && typeof error.code === 'string' && /^E[A-Z0-9]+$|^ERR_MODULE_NOT_FOUND$/.test(error.code);

const isTold = (error: Error): boolean =>
  error instanceof MurmurationError || isSystemError(error) || isChainError(error) || isSchemaError(error);
const hasMend = (error: Error): boolean => isTold(error) && told(error).mend !== undefined;

function told(error: Error): Fault {
  if (error instanceof MurmurationError) {
    const { code, message, mend } = error;
    return { code, message: line(message), ...(mend !== undefined && { mend: line(mend) }) };
  }
  if (isSystemError(error)) return systemFault(error);
  if (isChainError(error))
    return { code: 'chain', message: line([error.shortMessage, error.details].filter(Boolean).join(' ')) };
  return { code: 'input', message: line(describeIssues(error as unknown as SchemaError)) };
}

function systemFault(error: SystemError): Fault {
  const { code = '', message, path, port } = error;
  const at = path ? ` at ${path}` : '';
  const faults: Record<string, readonly [message: string, mend: string]> = {
    ENOSPC: [
      `no space left on the device${at}`,
      'Free some, or delete build/ (it is rebuilt; the `base` preset needs about 1 GB).',
    ],
    EADDRINUSE: [
      `${port ? `port ${port}` : 'a port'} is already in use`,
      'Stop what listens there, or choose another port with --port.',
    ],
    EROFS: [`the disk is mounted for reading only${at}`, 'Mount it for writing, or choose another place.'],
    EMFILE: ['this process has too many files open', 'Raise the limit of open files: ulimit -n.'],
    EACCES: [`permission denied${at}`, 'Give this user access, or choose another place.'],
    ENOENT: [`${path ?? 'a file'} is missing`, restore(path ?? '')],
    EISDIR: [`${path ?? 'a folder'} is a folder`, 'Give a file in it.'],
    ENOTDIR: [`a part of ${path ?? 'the path'} is no folder`, 'Check the path.'],
    ERR_MODULE_NOT_FOUND: [line(message.split('\n')[0]!), 'Run `npm ci`.'],
  };
  const [what, mend] = faults[code] ?? [];
  if (what !== undefined) return { code, message: what, mend: mend! };
  // Where several addresses were tried, Node's error has a list of reasons and no message.
  const [first] = error instanceof AggregateError ? (error.errors as Error[]) : [];
  return { code, message: line(message || (first?.message ?? code)) };
}

const restore = (path: string): string => {
  if (/(^|[\\/])node_modules[\\/]/.test(path)) return 'Run `npm ci`.';
  if (/(^|[\\/])build[\\/]/.test(path)) return 'Run `npm run build`.';
  return 'Check the path.';
};

/** Text on one line. */
const line = (text: string): string => visible(text.replaceAll(/\s+/g, ' ').trim());
