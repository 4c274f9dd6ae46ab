// What a running role prints: lines for people, or one line of JSON an event.
import type { RoleEvent } from '../../roles/index.ts';
import { describeError, faultOf } from '../output/fault.ts';
import { stamped, toJson, tokens } from '../output/format.ts';

/** What a running role prints with. */
export interface Reporter {
  /** Says something about the process itself. */
  say(text: string): void;
  /** Tells an event of the role. */
  observe(event: RoleEvent): void;
}

export function createReporter(json: boolean): Reporter {
  return {
    say: (text) => console.log(json ? toJson({ type: 'note', text }) : stamped(text)),
    observe(event) {
      if (event.type === 'fault') {
        const { role, error } = event;
        const text = describeError(error);
        const { code } = faultOf(error);
        console.error(json ? toJson({ type: 'fault', role, code, text }) : stamped(`${role}: ${text}`));
      } else if (json) console.log(toJson(event));
      else {
        const text = lineOf(event);
        if (text !== undefined) console.log(stamped(text));
      }
    },
  };
}

/** An event for people; undefined for figures alone. */
function lineOf(event: Exclude<RoleEvent, { readonly type: 'fault' }>): string | undefined {
  if (event.type === 'step') return `${event.role} ${event.text}`;
  if (event.type === 'task') return `${event.what} ${event.text}`;
  if (event.type === 'skipped') return `skipped (${event.reason}): ${event.text}`;
  if (event.type === 'landed') {
    const { task, round, sum, fee, wei } = event;
    return `landed sum ${sum} of task ${task}, round ${round}: fee ${tokens(fee)}, gas ${ether(wei)} ether`;
  }
  return undefined;
}

/** Wei as ether with up to nine decimals: gas is small. */
function ether(wei: bigint): string {
  return (Number(wei / 10n ** 9n) / 1e9).toFixed(9).replace(/\.?0+$/, '');
}
