// The fields of the planner's form: flags of `murmur planner create`, with their words, bounds and defaults.
import type { PlanField } from '@murmuration/desk';
import { type Flag, flagName, saying } from '../../command/flag.ts';
import { seed } from '../../command/flags.ts';
import { policyFlags, rounds } from '../../command/plan_flags.ts';

const createFlags = { ...policyFlags, rounds, seed: saying(seed, 'decides the first model') };

/** The flags that the form has, in its order, and the unit of each. */
const units = {
  rounds: 'rounds',
  trainers: 'seats',
  validators: 'seats',
  threshold: 'trainers',
  roundReward: 'tokens',
  validatorFee: 'tokens',
  minStake: 'tokens',
  minGain: 'basis points',
  phase: 'seconds',
  join: 'seconds',
  appeal: 'seconds',
  seed: '',
} as const satisfies Partial<Record<keyof typeof createFlags, string>>;

export type FieldName = keyof typeof units;
const names = Object.keys(units) as FieldName[];

/** What was typed, as the flags' rules read it. */
export type PlanFields = {
  readonly [N in FieldName]?: (typeof createFlags)[N] extends Flag<infer T> ? T : never;
};

export const planFields: readonly PlanField[] = names.map((name) => {
  const { what, rule, shown }: Flag = createFlags[name];
  return {
    name,
    flag: `--${flagName(name)}`,
    what,
    unit: units[name],
    must: rule.must,
    ...(shown !== undefined && { shown }),
    // Other descriptions say their rounds themselves.
    ...(name === 'rounds' && { only: 'digits' as const }),
  };
});

/** Reads what was typed; a field that is empty has its default. */
export function readFields(typed: Readonly<Record<string, string>>): {
  readonly fields: PlanFields;
  readonly faults: { field: string; message: string }[];
} {
  const faults: { field: string; message: string }[] = [];
  const fields: Record<string, unknown> = {};
  for (const [field, given] of Object.entries(typed)) {
    const text = given.trim();
    if (text === '') continue;
    const name = names.find((each) => each === field);
    if (!name) {
      faults.push({ field: 'template', message: `there is no field ${JSON.stringify(field)}` });
      continue;
    }
    const { rule }: Flag = createFlags[name];
    const value = rule.read(text);
    if (value === undefined)
      faults.push({ field, message: `is ${JSON.stringify(text)}, but must be ${rule.must}` });
    else fields[name] = value;
  }
  return { fields, faults };
}
