// Roles as processes: `trainer run`, `validator run`, `prover run`. A process can be killed at any point and
// started again with the same flags: it finds its place from the chain and from its state folder.
import { readTask } from '../../chain/index.ts';
import { createClosers } from '../../local/closers.ts';
import type { Settings } from '../command/flag.ts';
import type { programFlags, readingFlags } from '../command/flags.ts';
import type { DataChoice } from '../command/rules.ts';
import { openData } from '../open/data.ts';
import { openDeployment } from '../open/deployment.ts';
import type { KeysSettings } from '../open/keys.ts';
import { type MemberSettings, openMember } from '../open/member.ts';
import { type ReachedSettings, reachabilityOf } from '../open/reachability.ts';
import { readingOf } from '../open/reading.ts';
import { onInterrupt } from '../output/interrupt.ts';
import { createReporter } from './report.ts';
import { putToWork, type RolePlan } from './role_at_work.ts';

/** What `run` of any role is told. */
type RunSettings = MemberSettings & KeysSettings & { readonly task: bigint; readonly interval: number };

/** What a role with rows of its own is told of them. */
type Rows = Settings<typeof readingFlags & typeof programFlags> & {
  readonly data: DataChoice;
  readonly seed: number;
};

/** What one role is told beyond that. */
type Own =
  | ({ readonly role: 'trainer' } & Rows & ReachedSettings)
  | ({ readonly role: 'validator' } & Rows)
  | { readonly role: 'prover'; readonly stake: bigint };

/** Runs a role until its task is over or it is interrupted. */
export async function runRole(settings: RunSettings & Own): Promise<void> {
  const { role, task, json, interval } = settings;
  const { say, observe } = createReporter(json);
  const closers = createClosers();
  const interrupted = Promise.withResolvers<'interrupted'>();
  const takeBack = onInterrupt(() => interrupted.resolve('interrupted'));
  try {
    const deployment = await openDeployment(settings);
    const member = await openMember(settings, deployment, role, observe);
    closers.add(() => member.close());
    const work = await putToWork({ member, task, place: settings, interval, say, observe }, planOf(settings));
    closers.add(() => work.stop());
    const how = await Promise.race([work.over.then(() => 'over' as const), interrupted.promise]);
    const ended = await readTask(member.client, deployment, task);
    say(
      how === 'over'
        ? `task ${task} is ${ended.status}; \`murmur ${role} leave\` gets the stake out when it is free`
        : 'stopped; start it again with the same flags to go on',
    );
  } finally {
    takeBack();
    await closers.close();
  }
}

function planOf(settings: RunSettings & Own): RolePlan {
  if (settings.role === 'prover') return settings;
  const { role, seed, data } = settings;
  const reading = readingOf(settings);
  const learning = {
    rows: (description: Parameters<typeof openData>[1]['description']) =>
      openData(data, { description, role, seed, reading }),
    program: settings,
  };
  if (settings.role === 'validator') return { role: 'validator', ...learning };
  return { role: 'trainer', ...learning, reachability: reachabilityOf(settings) };
}
