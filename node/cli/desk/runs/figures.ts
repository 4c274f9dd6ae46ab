// What a role tells while it works, as the page shows it: its last steps, and its proofs.
import type { Run } from '@murmuration/desk';
import type { RoleEvent } from '../../../roles/index.ts';
import { describeError } from '../../output/fault.ts';
import { plainText } from '../market/plain_text.ts';

/** Steps that are kept. */
const mostSteps = 30;
const longestStep = 500;

/** Figures of one role. */
export interface RunFigures {
  /** The last steps, the oldest first. */
  readonly steps: Run['steps'];
  readonly proofs: Run['proofs'];
  say(text: string): void;
  observe(event: RoleEvent): void;
}

/** @param changed hears that there is something new. */
export function createFigures(changed: () => void): RunFigures {
  const steps: Run['steps'] = [];
  const proofs = new Map<string, Run['proofs'][number]>();
  const say = (text: string) => {
    steps.push({ at: new Date().toISOString(), text: plainText(text, longestStep) });
    if (steps.length > mostSteps) steps.shift();
    changed();
  };
  return {
    steps,
    get proofs() {
      return [...proofs.values()];
    },
    say,
    observe(event) {
      if (event.type === 'step') say(event.text);
      else if (event.type === 'fault') say(describeError(event.error));
      else if (event.type === 'proof') {
        const { statement, milliseconds } = event;
        const known = proofs.get(statement) ?? { statement, count: 0, milliseconds: 0 };
        proofs.set(statement, {
          statement,
          count: known.count + 1,
          milliseconds: known.milliseconds + milliseconds,
        });
        changed();
      }
    },
  };
}
