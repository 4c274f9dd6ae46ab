// The adversaries that a simulation plays against the rule.
export { type AdversaryName, adversaryNames, strategyOf } from './catalogue.ts';
export type { Direction, Opened, Strategy, View } from './strategy.ts';
