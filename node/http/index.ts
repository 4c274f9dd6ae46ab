// An HTTP server of this program: routes as data, checked requests, refusals with a status. It loads fastify when a
// server is made.
export { alive, asEvents, eventStream, eventText, pulse, type Tell } from './event_stream.ts';
export { type About, errorSchema, type OpenApi, openApi } from './openapi.ts';
export { Refusal, type RefusalKind, refusals } from './refusal.ts';
export { type Caller, type Route, route } from './route.ts';
export { createServer, type ServerAnswer, type ServerLimits, type ServerSettings } from './server.ts';
