// The adversaries that a simulation plays against the rule.
export { type AdversaryName, adversaryNames, strategyOf } from './catalogue.ts';
export { backdoorTest } from './data.ts';
export type { Direction, Opened, Strategy, View } from './strategy.ts';
