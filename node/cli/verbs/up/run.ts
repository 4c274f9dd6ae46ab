// The work of `murmur up`.
import {
  type LocalInput,
  openPersistentFederation,
  type PersistentFederation,
} from '../../../local/index.ts';
import { describeError } from '../../output/fault.ts';
import { percent, print, stamped, tokens } from '../../output/format.ts';
import { onInterrupt } from '../../output/interrupt.ts';

/** Runs the federation until its task is over or it is interrupted. */
export async function up(
  settings: LocalInput & {
    readonly home: string;
    readonly cache: string;
    readonly json: boolean;
  },
): Promise<void> {
  const { home, json, cache: cacheFolder, ...options } = settings;
  const say = (text: string) => print(json, { type: 'note', text }, stamped(text));
  const ending = Promise.withResolvers<void>();
  const takeBack = onInterrupt(() => ending.resolve());
  try {
    const federation = await openPersistentFederation(options, home, {
      cacheFolder,
      say,
      observe(event) {
        if (event.type === 'step') say(`${event.role} ${event.text}`);
        else if (event.type === 'fault') say(`${event.role}: ${describeError(event.error)}`);
      },
    });
    try {
      say(`${federation.url}, deployment in ${home}`);
      await federation.start();
      await Promise.race([federation.over, ending.promise]);
      await printEnd(federation, json);
    } finally {
      await federation.stop();
    }
  } finally {
    takeBack();
  }
}

/** Prints how the task stands when the federation stops: its rounds, and what everybody earned. */
async function printEnd({ chain, task }: PersistentFederation, json: boolean): Promise<void> {
  await chain.refresh();
  const { status } = await chain.state();
  const rounds = chain.journal.rounds.map(({ number, outcome, tally }) => ({
    round: number,
    outcome,
    ...tally,
  }));
  const earned = [...chain.journal.credits].map(([account, amount]) => ({ account, amount }));
  const text = [
    `task ${task} is ${status}`,
    ...rounds.map(({ round, outcome, quality }) => {
      const judged = quality === undefined ? '' : `, quality ${percent(quality / 10_000)}`;
      return `  round ${round}: ${outcome}${judged}`;
    }),
    ...earned.map(({ account, amount }) => `  ${account} earned ${tokens(amount)}`),
  ];
  print(json, { type: 'end', task, status, rounds, earned }, text.join('\n'));
}
