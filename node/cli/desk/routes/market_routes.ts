// Routes of the place and its market, and the stream by which the page hears of both.
import { marketSchema, placeSchema } from '@murmuration/desk';
import { eventStream, type Route } from '../../../http/index.ts';
import type { DeskContext } from './context.ts';
import { route } from './route.ts';

export function marketRoutes(context: DeskContext): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/place',
      summary: 'Where the desk stands, and what its account has',
      scopes: ['page'],
      answers: { 200: { what: 'the place', schema: placeSchema } },
      handle: () => context.place.state(),
    }),
    route({
      method: 'GET',
      path: '/api/market',
      summary: 'The tasks, the newest first',
      scopes: ['page'],
      answers: { 200: { what: 'tasks', schema: marketSchema }, 503: { what: 'the place is not open yet' } },
      handle: () => context.market().read(),
    }),
    route({
      method: 'GET',
      path: '/api/events',
      summary:
        'Hear what changes, as server-sent events: `place`, `market`, `runs`, `audits`, `models`, `hosted`; each says what to ask for again',
      scopes: ['page'],
      answers: { 200: { what: 'events', type: 'text/event-stream' } },
      async handle({ reply }) {
        return eventStream(reply, (tell) => {
          // What happened before the page listened, it asks for now.
          tell('place', {});
          return context.listen((what) => tell(what, {}));
        });
      },
    }),
  ];
}
