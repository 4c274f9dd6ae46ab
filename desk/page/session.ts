// The session of this tab: the token behind the link's # is exchanged, once, for one that lives as long as the tab.
import { signal } from '@preact/signals';
import type { Fault } from '../api/words.ts';

/** Why the page cannot speak to its node; undefined while it can. */
export const barred = signal<Fault | undefined>(undefined);

const key = 'murmuration-session';
const token = /^#([\w-]{43})$/;

/** A refusal of the node, or that it does not answer. */
export class NodeFault extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** A fault of any origin, for people. */
export const faultOf = (error: unknown): Fault =>
  error instanceof NodeFault ? error.fault : { code: 'page', message: String(error) };

const isFault = (said: unknown): said is Fault =>
  said instanceof Object && typeof (said as Partial<Fault>).message === 'string';

const away: Fault = {
  code: 'away',
  message: 'The node of this page does not answer.',
  mend: 'If it was stopped, start it again: murmur open',
};

/** @returns whether there is a session. */
export async function openSession(): Promise<boolean> {
  const [, given] = token.exec(location.hash) ?? [];
  if (given === undefined) {
    if (sessionStorage.getItem(key) !== null) return true;
    barred.value = {
      code: 'unauthorised',
      message: 'This page was opened without its link.',
      mend: 'Get a link with: murmur open',
    };
    return false;
  }
  // Nobody finds it in the history.
  history.replaceState(null, '', '/');
  try {
    const { session } = await ask<{ session: string }>('POST', '/api/session', { token: given });
    sessionStorage.setItem(key, session);
    return true;
  } catch (error) {
    // The tab that has used the link is this one, perhaps.
    if (sessionStorage.getItem(key) !== null) return true;
    barred.value = faultOf(error);
    return false;
  }
}

/** A request in this session. @throws NodeFault */
export async function request(
  method: string,
  path: string,
  body?: BodyInit,
  type?: string,
): Promise<Response> {
  const session = sessionStorage.getItem(key);
  const response = await fetch(path, {
    method,
    headers: {
      ...(session !== null && { authorization: `Bearer ${session}` }),
      ...(type !== undefined && { 'content-type': type }),
    },
    ...(body !== undefined && { body }),
  }).catch(() => {
    throw new NodeFault(away);
  });
  if (response.ok) return response;
  // What never reached a route is answered in another form than the node's.
  const said = (await response.json().catch(() => undefined)) as { error?: Partial<Fault> } | undefined;
  const fault = isFault(said?.error)
    ? said.error
    : { code: 'fault', message: `The node answers with ${response.status}.` };
  if (response.status === 401 && path !== '/api/session') {
    sessionStorage.removeItem(key);
    barred.value = {
      code: 'unauthorised',
      message: 'This page is of an earlier start of its node.',
      mend: 'Open it with a new link: murmur open',
    };
  }
  throw new NodeFault(fault);
}

/** What the node answers, as JSON. @throws NodeFault */
export async function ask<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const response = await request(method, path, sent, sent === undefined ? undefined : 'application/json');
  return (await response.json()) as T;
}
