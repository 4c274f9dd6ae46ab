// The HTTP API of the service. It loads fastify: only a service that starts imports it.
export type { ApiContext, OfferedCircuit } from './context.ts';
export { jobRoutes } from './job_routes.ts';
export { createMetrics, type ServiceMetrics } from './metrics.ts';
export { createApi, defaultLimits } from './server.ts';
export { serviceRoutes } from './service_routes.ts';
export { addToken, openTokens, type Scope, scopes } from './tokens.ts';
export { createWatch } from './watch.ts';
