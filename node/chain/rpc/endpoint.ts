// One node of a chain: questions of the same moment go to it in one exchange, where it takes that.
import { reasonOf } from '@murmuration/core';
import type { RpcAddress } from './address.ts';
import type { RpcFault } from './error.ts';
import { Overdue, type Posted, post } from './post.ts';

/** A JSON-RPC request. */
export interface Question {
  readonly method: string;
  readonly params?: unknown;
}

/** What a node says to a question: a result, an error of JSON-RPC, or nothing that could be used. */
export type Answer =
  | { readonly how: 'result'; readonly result: unknown }
  | { readonly how: 'error'; readonly error: RpcRefusal }
  | { readonly how: 'fault'; readonly fault: RpcFault };

/** An error as JSON-RPC carries it. */
export interface RpcRefusal {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** Milliseconds for one exchange. */
export const patience = 20_000;

/** Bytes of an answer, at most, once it is unpacked: a node that sends more says nothing that could be used. */
const mostBytes = 128 * 2 ** 20;

/** Questions in one exchange, at most: providers take few. */
const mostAtOnce = 20;

interface Asked {
  readonly question: Question;
  answer(answer: Answer): void;
}

/** A node that answers over HTTP. */
export class RpcEndpoint {
  readonly name: string;
  readonly #address: RpcAddress;
  readonly #patience: number;
  readonly #mostBytes: number;
  #waiting: Asked[] = [];
  #inTurn = false;
  #lastId = 0;

  constructor(address: RpcAddress, limits: { readonly patience?: number; readonly mostBytes?: number } = {}) {
    this.name = address.name;
    this.#address = address;
    this.#patience = limits.patience ?? patience;
    this.#mostBytes = limits.mostBytes ?? mostBytes;
  }

  /** @param alone keeps the question from waiting for others that take longer. Never rejects. */
  ask(question: Question, alone: boolean): Promise<Answer> {
    if (alone || this.#inTurn) return this.#one(question);
    return new Promise((answer) => {
      if (this.#waiting.length === 0) setImmediate(() => void this.#askWaiting());
      this.#waiting.push({ question, answer });
    });
  }

  async #askWaiting(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let at = 0; at < waiting.length; at += mostAtOnce)
      void this.#askTogether(waiting.slice(at, at + mostAtOnce));
  }

  async #askTogether(asked: readonly Asked[]): Promise<void> {
    const answers = asked.length > 1 && !this.#inTurn ? await this.#many(asked) : undefined;
    for (const [index, { question, answer }] of asked.entries())
      if (answers) answer(answers[index]!);
      else void this.#one(question).then(answer);
  }

  /** @returns undefined where the node does not take several questions at once. */
  async #many(asked: readonly Asked[]): Promise<Answer[] | undefined> {
    const bodies = asked.map(({ question }) => this.#body(question));
    const got = await this.#exchange(bodies);
    if ('fault' in got) {
      if (!got.refused) return asked.map(() => ({ how: 'fault', fault: got.fault }));
      this.#inTurn = true;
      return undefined;
    }
    if (!Array.isArray(got.json)) {
      this.#inTurn = true;
      return undefined;
    }
    const byId = new Map((got.json as { id?: unknown }[]).map((each) => [each?.id, each]));
    return bodies.map(({ id }) => answerIn(byId.get(id)));
  }

  async #one(question: Question): Promise<Answer> {
    const got = await this.#exchange(this.#body(question));
    if ('json' in got) return answerIn(got.json);
    const { fault, refused } = got;
    // It has understood and does not want to: asked again, it would say the same.
    if (refused) return { how: 'error', error: { code: -32600, message: fault.reason } };
    return { how: 'fault', fault };
  }

  #body({ method, params }: Question) {
    this.#lastId += 1;
    return { jsonrpc: '2.0', id: this.#lastId, method, params: params ?? [] };
  }

  async #exchange(
    body: unknown,
  ): Promise<{ readonly json: unknown } | { readonly fault: RpcFault; readonly refused: boolean }> {
    const { url, headers } = this.#address;
    const fail = (reason: string, overtaxed: boolean, more: { after?: number; refused?: boolean } = {}) => ({
      fault: { reason, overtaxed, after: more.after },
      refused: more.refused ?? false,
    });
    let posted: Posted;
    try {
      const limits = { patience: this.#patience, mostBytes: this.#mostBytes };
      posted = await post({ url, headers, json: body, ...limits });
    } catch (error) {
      if (error instanceof Overdue) return fail(`nothing after ${this.#patience / 1000} s`, true);
      const { code } = error as NodeJS.ErrnoException;
      // What the error says may hold the address; its code does not.
      return fail(code ?? 'the connection broke off', code === undefined || code === 'ECONNRESET');
    }
    const { status, text, retryAfter } = posted;
    if (text === undefined) return fail(`its answer has more than ${this.#mostBytes} bytes`, true);
    const json = parsed(text);
    // Some send errors of JSON-RPC with a status of HTTP.
    if ((status >= 200 && status < 300) || errorIn(json)) {
      if (json !== undefined) return { json };
      return fail('its answer is no JSON', true);
    }
    const refused = [400, 413, 422].includes(status);
    const after = secondsOf(retryAfter);
    const limits = { refused, ...(after !== undefined && { after: 1000 * after }) };
    return fail(`HTTP ${status}`, status >= 500 || status === 408, limits);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function errorIn(json: unknown): RpcRefusal | undefined {
  if (typeof json !== 'object' || json === null || !('error' in json)) return undefined;
  const { error } = json;
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, message, data } = error as { code?: unknown; message?: unknown; data?: unknown };
  return typeof code === 'number' ? { code, message: reasonOf(message), data } : undefined;
}

function answerIn(json: unknown): Answer {
  const error = errorIn(json);
  if (error) return tooMuch(error) ?? { how: 'error', error };
  if (typeof json === 'object' && json !== null && 'result' in json)
    return { how: 'result', result: json.result };
  return { how: 'fault', fault: { reason: 'its answer is no JSON-RPC', overtaxed: true } };
}

/** What nodes say of a call that fails, under the code of their own errors; asked again, they would say the same. */
const ofTheCall = /revert|out ?of ?gas|\bevm\b|opcode|stack|range|limit/i;

/** Errors that say nothing of the question: the node is asked too often, or has failed. */
function tooMuch({ code, message, data }: RpcRefusal): Answer | undefined {
  if (code === 429 || code === -32007 || /too many requests|rate limit|requests? (limit|per)/i.test(message))
    return { how: 'fault', fault: { reason: 'it is asked too often', overtaxed: false } };
  const failed = code === -32603 && data === undefined && !ofTheCall.test(message);
  return failed ? { how: 'fault', fault: { reason: 'an error of its own', overtaxed: true } } : undefined;
}

/** Seconds of a `Retry-After`, which is a number or a date. */
function secondsOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}
