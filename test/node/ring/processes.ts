// Ring members as processes, wherever a command puts them.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Registration } from '../../../node/peer/index.ts';
import { planOf, trueSum, vectorOf } from './fixture.ts';
import type { Instructions } from './member.ts';

export interface Result {
  how: string;
  absent: string[];
  attempts: number;
  digest: string;
}

export interface Process {
  child: ChildProcess;
  registration: Registration;
  /** Resolves once the member is about to sign its hop of this number. */
  hop(number: number): Promise<void>;
  result: Promise<Result>;
  tell(message: object): void;
}

/** Starts a member; `command` comes before `node`, such as `ip netns exec NAME`. */
export async function startMember(address = '127.0.0.1', command: readonly string[] = []): Promise<Process> {
  const script = new URL('member.ts', import.meta.url).pathname;
  const [program, ...args] = [...command, process.execPath, script, address];
  const child = spawn(program!, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const registered = Promise.withResolvers<Registration>();
  const result = Promise.withResolvers<Result>();
  result.promise.catch(() => {});
  const hops = new Map<number, PromiseWithResolvers<void>>();
  const hopAt = (number: number) => {
    if (!hops.has(number)) hops.set(number, Promise.withResolvers());
    return hops.get(number)!;
  };
  // A member that has just ended does not hear the end.
  child.stdin!.on('error', () => {});
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const message = JSON.parse(line);
    if (message.registration) registered.resolve(message.registration);
    if (message.result) result.resolve(message.result);
    if (message.hop !== undefined) hopAt(message.hop).resolve();
  });
  child.on('exit', (code) => {
    registered.reject(new Error(`member ended with ${code}`));
    result.reject(new Error(`member ended with ${code}`));
  });
  return {
    child,
    registration: await registered.promise,
    hop: (number) => hopAt(number).promise,
    result: result.promise,
    tell: (message) => void child.stdin!.write(`${JSON.stringify(message)}\n`),
  };
}

/** Tells all members who they are; resolves to the digest of the sum that they should get. */
export function begin(members: readonly Process[], stops: Record<number, number> = {}): string {
  const registrations = members.map(({ registration }) => registration);
  const accounts = registrations.map(({ account }) => account);
  members.forEach(({ tell }, i) => {
    const stopAt = stops[i];
    tell({ registrations, accounts, ...(stopAt !== undefined && { stopAt }) } satisfies Instructions);
  });
  const plan = planOf(accounts);
  const sum = trueSum(
    plan,
    plan.addends.map((_, i) => vectorOf(i, plan.shape)),
  );
  return createHash('sha256').update(sum).digest('hex');
}

/** Ends all members: those that live by word, the others by force. */
export async function end(members: readonly Process[]): Promise<void> {
  await Promise.all(
    members.map(async ({ child, tell }) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.on('exit', resolve));
      const force = setTimeout(() => child.kill('SIGKILL'), 3000);
      child.kill('SIGCONT');
      tell({ end: true });
      await gone;
      clearTimeout(force);
    }),
  );
}
