// Routes of the desk: those of a server, with the scopes that its callers have.
import * as http from '../../../http/index.ts';
import type { DeskScope } from '../sessions.ts';

/** A route whose scopes are the desk's. */
export const route = <P, Q, B>(of: http.Route<P, Q, B, DeskScope>): http.Route => http.route(of);
