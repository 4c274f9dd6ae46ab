// Adversaries as roles: each puts a disguise over an honest role, which knows nothing of it.
export type { Adversary, AdversarySeat } from './adversary.ts';
export { type AdversaryRole, adversaryOf, adversaryRoles } from './catalogue.ts';
export { backdoorTest, flipped, part, poisoned } from './data.ts';
export { type Flood, floodCode, floodGas, spamPosts } from './spam.ts';
