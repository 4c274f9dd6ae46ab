// The scenarios by name.
import { clinics } from './clinics.ts';
import { credit } from './credit.ts';
import { digits } from './digits.ts';
import type { Scenario } from './scenario.ts';

const all = { digits, clinics, credit } as const satisfies Readonly<Record<string, Scenario>>;

/** A scenario's name. */
export type ScenarioName = keyof typeof all;
/** Their names; the first one is played unless told otherwise. */
export const scenarioNames = Object.keys(all) as readonly ScenarioName[];

/** The scenario of a name. */
export const scenarioOf = (name: ScenarioName): Scenario => all[name];
