// What a server refuses, and the HTTP status that says so.
import type { ErrorParts } from '@murmuration/core';
import { NodeError } from '../errors.ts';

/** Kinds of refusal, each with its status. */
export const refusals = {
  malformed: 400,
  unauthorised: 401,
  forbidden: 403,
  'not-found': 404,
  'not-ready': 409,
  erased: 410,
  'too-large': 413,
  misdirected: 421,
  'too-late': 422,
  'too-many': 429,
  unavailable: 503,
} as const;
export type RefusalKind = keyof typeof refusals;

/** A request that a server does not follow. Code `service`. */
export class Refusal extends NodeError {
  readonly kind: RefusalKind;

  constructor(kind: RefusalKind, message: string, parts?: ErrorParts) {
    super('service', message, parts);
    this.kind = kind;
  }
}
