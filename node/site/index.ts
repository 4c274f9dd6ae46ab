// A site's own log: what left it and what it refused, in an order that nobody changes afterwards.
export { type Entry, type EntryOf, type Fate, fates, type Place, places } from './entry.ts';
export { encodeLine, origin } from './line.ts';
export { fileBytes, type LogFault, type LoggedEntry, type ReadLog, readSiteLog } from './read.ts';
export { anchorBytes, recordedCalls, triedCall } from './recorded_calls.ts';
export { jobOf, recordedJobs } from './recorded_jobs.ts';
export { answerOf, messageOf, recordedPeer, requestLimits } from './recorded_peer.ts';
export { everybody, recordedStore, resolveContents, unnamed } from './recorded_store.ts';
export type { Refusal } from './refusals.ts';
export {
  type Departure,
  type Leaving,
  openSiteLog,
  type SiteLog,
  type SiteLogSettings,
  unresolvedOf,
} from './site_log.ts';
