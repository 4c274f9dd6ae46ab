// Who may use the desk: whoever opened the link that this process printed. A link is good once; what it is exchanged
// for lives in the memory of this process and of one tab.
import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Caller } from '../../http/index.ts';

/** What a caller may do: `page`, all that the page does; `owner`, ask for a new link. */
export type DeskScope = 'page' | 'owner';

/** Sessions at the same time; the oldest ends for one more. */
const mostSessions = 16;

const secretOf = (): string => randomBytes(32).toString('base64url');
/** Secrets are looked up by their hash: how long that takes tells nothing of one. */
const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Shows that a link is of the desk with a door key. */
export const proofOf = (doorKey: string, link: string): string =>
  createHmac('sha256', doorKey).update(link).digest('base64url');

/** The sessions of a desk. */
export interface Sessions {
  /** Of who may ask for links: the person who can read this process's files. */
  readonly ownerKey: string;
  /** It never leaves this process and the person's files: what bears its proof is of this start of the desk. */
  readonly doorKey: string;
  /** The token of a new link; the link before is void. */
  newLink(): string;
  /** A session for a link's token; undefined for one that is void or was used. */
  exchange(token: string): string | undefined;
  callerOf(secret: string): Caller | undefined;
}

export function createSessions(): Sessions {
  const ownerKey = secretOf();
  const doorKey = secretOf();
  const sessions = new Set<string>();
  let link: string | undefined;
  const caller = (scope: DeskScope): Caller => ({ name: scope, scopes: new Set([scope]) });
  return {
    ownerKey,
    doorKey,
    newLink() {
      const token = secretOf();
      link = hashOf(token);
      return token;
    },
    exchange(token) {
      if (link === undefined || hashOf(token) !== link) return undefined;
      link = undefined;
      const session = secretOf();
      sessions.add(hashOf(session));
      // A set keeps the order in which its members came.
      for (const oldest of [...sessions].slice(0, -mostSessions)) sessions.delete(oldest);
      return session;
    },
    callerOf(secret) {
      const hash = hashOf(secret);
      if (sessions.has(hash)) return caller('page');
      return hash === hashOf(ownerKey) ? caller('owner') : undefined;
    },
  };
}
