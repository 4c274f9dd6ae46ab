// The log of what goes on for long: a line an event, for people or as JSON for machines, with no secret in it.
import { stamped, toJson } from './format.ts';

export type Level = 'info' | 'error';

/** An event; `text` is what people read of it. */
export interface LogEntry {
  readonly level: Level;
  /** What kind of event: `note`, `try`, `fault`. */
  readonly type: string;
  readonly text: string;
  /** What machines read beside it, in place of the text where it is given. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Variables whose value is a secret, or a URL with one. */
const secretVariables = ['MURMURATION_PASSWORD', 'PGPASSWORD'] as const;
const urlVariables = ['DATABASE_URL'] as const;
/** Shorter values would take ordinary words out of the log. */
const shortestSecret = 6;

/**
 * Writes an event to standard output, or of level `error` to standard error. JSON lines have `time` (ISO 8601) and
 * `level` first.
 */
export function log(json: boolean, { level, type, text, fields }: LogEntry): void {
  const line = json
    ? toJson({ time: new Date().toISOString(), level, type, ...(fields ?? { text }) })
    : stamped(text);
  const write = level === 'error' ? console.error : console.log;
  write(redact(line));
}

/**
 * Takes secrets out of a text: passwords in URLs, bearer tokens and the service's own tokens wherever they come from, and
 * the values of the variables that hold secrets. It is the last net: what is logged holds none by intent.
 */
export function redact(text: string, environment: NodeJS.ProcessEnv = process.env): string {
  const shaped = text
    .replaceAll(/\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"']*):[^\s@/"']+@/gi, '$1:***@')
    .replaceAll(/\b(bearer\s+)[\w.~+/=-]{8,}/gi, '$1***')
    .replaceAll(/\bmurmur_[\w-]{16,}/g, 'murmur_***');
  return secretsOf(environment).reduce((clean, secret) => clean.replaceAll(secret, '***'), shaped);
}

function secretsOf(environment: NodeJS.ProcessEnv): string[] {
  const plain = secretVariables.map((name) => environment[name] ?? '');
  const inUrls = urlVariables.map((name) => {
    const url = environment[name] ?? '';
    return URL.canParse(url) ? decodeURIComponent(new URL(url).password) : '';
  });
  // As JSON writes it, too: a quote in a password is escaped there.
  return [...plain, ...inUrls]
    .filter((secret) => secret.length >= shortestSecret)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
}
