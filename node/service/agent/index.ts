// Agents prove what waits in the queue.
export { type Agent, type AgentEvent, type AgentSettings, startAgent } from './agent.ts';
export { openWorkshop, servedOf, type Workshop } from './workshop.ts';
