// Routes of the service: those of a server, with scopes that tokens have.
import * as http from '../../http/index.ts';
import type { Scope } from './tokens.ts';

/** A route whose scopes are the service's. */
export const route = <P, Q, B>(of: http.Route<P, Q, B, Scope>): http.Route => http.route(of);
