// What a local federation can be about.
export { type ScenarioName, scenarioNames, scenarioOf } from './catalogue.ts';
export type { DealtScenario, Party, Scenario, ScenarioChoice, TestFigure, TestSet } from './scenario.ts';
