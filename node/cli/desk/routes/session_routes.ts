// Routes of sessions: a link's token becomes a session, and whoever started the desk gets another link.
import { linkSchema, newLinkSchema, sessionSchema } from '@murmuration/desk';
import { Refusal, type Route } from '../../../http/index.ts';
import { proofOf, type Sessions } from '../sessions.ts';
import { route } from './route.ts';

export function sessionRoutes(sessions: Sessions, newLink: () => string): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/session',
      summary: "Exchange a link's token for a session; once",
      scopes: 'open',
      body: linkSchema,
      answers: {
        200: { what: 'the session', schema: sessionSchema },
        401: { what: 'void, or used already' },
      },
      async handle({ body: { token } }) {
        const session = sessions.exchange(token);
        if (session === undefined)
          throw new Refusal('unauthorised', 'this link was used already, or is of another start', {
            mend: 'Get a new one: `murmur open`.',
          });
        return { session };
      },
    }),
    route({
      method: 'POST',
      path: '/api/links',
      summary: 'Make a new link; the one before is void',
      scopes: ['owner'],
      answers: { 200: { what: 'the link', schema: newLinkSchema } },
      async handle() {
        const link = newLink();
        return { link, proof: proofOf(sessions.doorKey, link) };
      },
    }),
  ];
}
