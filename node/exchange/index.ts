// Contents between members: what each keeps on its own disk, it gives to the others.
export type { Progress } from './fetch.ts';
export { defaultPace, type Pace } from './serve.ts';
export { createMembersStore, type MembersStoreParts } from './store.ts';
