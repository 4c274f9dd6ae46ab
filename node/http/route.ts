// What a route is: data from which requests are checked, the OpenAPI document is written, and the page is shown.
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';

/** Somebody who asks. */
export interface Caller {
  readonly name: string;
  readonly scopes: ReadonlySet<string>;
}

/** An answer that a route may give. */
export interface Answer {
  readonly what: string;
  readonly schema?: z.ZodType;
  /** `application/json` unless given. */
  readonly type?: string;
}

/** Parts of a request that a route reads. */
export interface Parts<P, Q, B> {
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
}

/** A request that has been checked. */
export interface Call<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly caller: Caller;
  readonly reply: FastifyReply;
}

/** A route; `path` names parameters as OpenAPI does. `S` are the scopes that there are. */
export interface Route<P = unknown, Q = unknown, B = unknown, S extends string = string>
  extends Parts<P, Q, B> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  /** Any of them is enough; `open` asks for no token. */
  readonly scopes: readonly S[] | 'open';
  readonly answers: Readonly<Record<number, Answer>>;
  /** What it returns is the body. */
  handle(call: Call<P, Q, B>): Promise<unknown>;
}

/** A route whose work gets what its schemas give: the compiler compares them here. */
export function route<P, Q, B, S extends string = string>(of: Route<P, Q, B, S>): Route {
  return of as Route;
}
