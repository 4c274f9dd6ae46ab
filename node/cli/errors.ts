// One line for every failure: what is wrong and how to mend it.

/** An error whose message is already meant for the user: it names the fault and the mend. */
export class UserError extends Error {
  override name = 'UserError';
}

const mends: Record<string, (error: NodeJS.ErrnoException) => string> = {
  ENOSPC: (e) =>
    `no space left on the device${at(e)}. Free some, or delete build/ (it is rebuilt; the \`quick\` preset needs about 300 MB).`,
  EADDRINUSE: (e) =>
    `${port(e)} is already in use. Stop what listens there, or choose another port with --port.`,
  EACCES: (e) => `permission denied${at(e)}. Give this user access, or choose another folder with --out.`,
  ENOENT: (e) =>
    `${e.path ?? 'a file'} is missing. If it lies below build/, run \`npm run build\`; below node_modules/, \`npm ci\`.`,
  ERR_MODULE_NOT_FOUND: (e) => `${firstLine(e)}. Run \`npm ci\`.`,
};

const at = (e: NodeJS.ErrnoException) => (e.path ? ` at ${e.path}` : '');
const port = (e: NodeJS.ErrnoException & { port?: number }) => (e.port ? `port ${e.port}` : 'a port');
const firstLine = (e: Error) => e.message.split('\n')[0] ?? '';

/** The one line that a failed command prints: names the fault and, where it is known, the mend. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const mend = mends[(error as NodeJS.ErrnoException).code ?? ''];
  return mend ? mend(error) : error.message;
}
