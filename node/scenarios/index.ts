// What a local federation can be about.

export { type ScenarioName, scenarioNames, scenarioOf } from './catalogue.ts';
export { hospitals } from './clinics.ts';
export { lenders } from './credit.ts';
export type {
  DealtScenario,
  EndedFederation,
  Party,
  Scenario,
  ScenarioChoice,
  TestFigure,
  TestSet,
} from './scenario.ts';
export { type Compared, compareModels, plainLogits, type SiteRows } from './sites/compare.ts';
export { cutSites, parts, rowsOfSite, type SiteFederation, siteTask } from './sites/federation.ts';
export { cutRows, dealRows, statisticsOf } from './sites/rows.ts';
