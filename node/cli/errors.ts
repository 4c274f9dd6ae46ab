// One line for every failure: what is wrong and how to mend it.
import type { ZodError } from 'zod';

/** An error whose message is already meant for the user: it names the fault and the mend. */
export class UserError extends Error {
  override name = 'UserError';
}

const mends: Record<string, (error: NodeJS.ErrnoException) => string> = {
  ENOSPC: (e) =>
    `no space left on the device${at(e)}. Free some, or delete build/ (it is rebuilt; the \`quick\` preset needs about 300 MB).`,
  EADDRINUSE: (e) =>
    `${port(e)} is already in use. Stop what listens there, or choose another port with --port.`,
  EACCES: (e) => `permission denied${at(e)}. Give this user access, or choose another place.`,
  ENOENT: (e) => `${e.path ?? 'a file'} is missing. ${restore(e.path ?? '')}`,
  EISDIR: (e) => `${e.path ?? 'what was given'} is a folder. Give a file in it.`,
  ENOTDIR: (e) => `a part of ${e.path ?? 'the path'} is no folder. Check the path.`,
  ERR_MODULE_NOT_FOUND: (e) => `${firstLine(e)}. Run \`npm ci\`.`,
};

const restore = (path: string) => {
  if (/(^|[\\/])node_modules[\\/]/.test(path)) return 'Run `npm ci`.';
  if (/(^|[\\/])build[\\/]/.test(path)) return 'Run `npm run build`.';
  return 'Check the path.';
};
const at = (e: NodeJS.ErrnoException) => (e.path ? ` at ${e.path}` : '');
const port = (e: NodeJS.ErrnoException & { port?: number }) => (e.port ? `port ${e.port}` : 'a port');
const firstLine = (e: Error) => e.message.split('\n')[0] ?? '';

/** The one line that a failed command prints: names the fault and, where it is known, the mend. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = (error as NodeJS.ErrnoException).code ?? '';
  // Node's advice on positional arguments helps nobody here.
  if (code.startsWith('ERR_PARSE_ARGS')) return `${error.message.split('. ')[0]}. See --help.`;
  const mend = mends[code];
  if (mend) return mend(error);
  // viem's errors carry a page of request and stack in their message, and the reason apart.
  const { shortMessage, details } = error as Error & { shortMessage?: string; details?: string };
  if (shortMessage === undefined) return error.message;
  return [shortMessage, details].filter(Boolean).join(' ').replaceAll(/\s+/g, ' ');
}

/** What a schema found wrong, in one line: where and what, the first few of them. */
export function describeIssues({ issues }: ZodError): string {
  const shown = issues
    .slice(0, maxIssues)
    .map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`);
  const more = issues.length > maxIssues ? ` (and ${issues.length - maxIssues} more)` : '';
  return `${shown.join('; ')}${more}`;
}

const maxIssues = 5;
