// The work of `murmur prover serve|agent|token`.
import { stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { NodeError } from '../../../errors.ts';
import { createClosers } from '../../../local/closers.ts';
import { openWorkshop, startAgent } from '../../../service/agent/index.ts';
import { addToken, type Scope, scopes } from '../../../service/api/index.ts';
import { openServiceKey } from '../../../service/job/service_key.ts';
import { openQueue, type ServiceEvent, startService } from '../../../service/serve.ts';
import { writeAtomically } from '../../../state/index.ts';
import type { Settings } from '../../command/flag.ts';
import { version } from '../../command/version.ts';
import { openServiceKeys, startBackend } from '../../open/service.ts';
import { describeError, faultOf } from '../../output/fault.ts';
import { toJson } from '../../output/format.ts';
import { onInterrupt } from '../../output/interrupt.ts';
import { log } from '../../output/log.ts';
import type { agentFlags, serveFlags, tokenFlags } from './flags.ts';

type ServeSettings = Settings<typeof serveFlags>;
type AgentSettings = Settings<typeof agentFlags>;

/** Milliseconds that a proof under way gets when the process is asked to end. */
const drain = 60_000;
/** Milliseconds between an agent's looks at an empty queue. */
const agentInterval = 500;
const loopback = ['127.0.0.1', '::1', 'localhost'];
const databaseVariable = 'DATABASE_URL';

/** `prover serve`. */
export async function serve(settings: ServeSettings): Promise<void> {
  const { host, port, home, tokens, apiOnly, parallel, perMinute, serviceKey } = settings;
  const tls = tlsOf(settings);
  const ended = untilInterrupted();
  const { say, onEvent } = reporter(settings.json, ended.hung);
  const url = process.env[databaseVariable];
  const key = await openServiceKey(serviceKey, { create: true });
  await firstToken(tokens, say);
  const closers = createClosers();
  try {
    const keySets = await openServiceKeys(settings, say);
    const backend = apiOnly ? undefined : await startBackend(settings);
    if (backend) closers.add(() => backend.stop());
    const queue = url ? 'in PostgreSQL' : 'in this process';
    say(`opens the queue ${queue}`);
    const service = await startService({
      keySets,
      backend,
      parallel,
      host,
      port,
      tls,
      tokens,
      key,
      onEvent,
      name: ownName(),
      version: version(),
      database: url
        ? { kind: 'postgres', url }
        : { kind: 'embedded', folder: join(home, 'service', 'database') },
      patience: { proof: settings.proofTimeout },
      limits: { perMinute },
    });
    closers.add(() => service.stop(drain));
    say(`serves at ${service.url}; the queue lies ${queue}`);
    await ended.promise;
    say('stops: proofs under way end first');
  } finally {
    ended.takeBack();
    await closers.close();
  }
}

/** `prover agent`. */
export async function runAgent(settings: AgentSettings): Promise<void> {
  const { parallel, serviceKey, circuits, name = ownName() } = settings;
  const ended = untilInterrupted();
  const { say, onEvent } = reporter(settings.json, ended.hung);
  const url = process.env[databaseVariable];
  if (!url)
    throw new NodeError(
      'input',
      `${databaseVariable} is not set, but agents share the database of their servers`,
      {
        mend: 'Set it to postgres://USER:PASSWORD@HOST/DATABASE; without a database, `murmur prover serve` is both.',
      },
    );
  const key = await openServiceKey(serviceKey, { create: false });
  const closers = createClosers();
  try {
    const keySets = await openServiceKeys(settings, say);
    const backend = await startBackend(settings);
    closers.add(() => backend.stop());
    const queue = await openQueue(
      { database: { kind: 'postgres', url }, key, patience: { proof: settings.proofTimeout }, onEvent },
      keySets,
    );
    closers.add(() => queue.database.close());
    const workshop = openWorkshop(keySets, backend, circuits);
    const agent = await startAgent(queue, { ...workshop, name, parallel, interval: agentInterval, onEvent });
    closers.add(() => agent.stop(drain));
    say(
      `agent ${name} proves ${workshop.served.map(({ circuit, preset }) => `${circuit}/${preset}`).join(', ')}`,
    );
    await ended.promise;
    say('stops: proofs under way end first');
  } finally {
    ended.takeBack();
    await closers.close();
  }
}

/** `prover token`. */
export async function makeToken(settings: Settings<typeof tokenFlags>): Promise<void> {
  const { name, tokens, json } = settings;
  const token = await addToken(tokens, { name, scopes: settings.scopes });
  console.log(json ? toJson({ name, scopes: settings.scopes, token }) : token);
}

/** The first start makes a token that may do everything, readable for its owner alone. */
async function firstToken(tokens: string, say: (text: string) => void): Promise<void> {
  if (await stat(tokens).catch(() => undefined)) return;
  const file = join(dirname(tokens), 'token');
  const all: readonly Scope[] = scopes;
  await writeAtomically(file, `${await addToken(tokens, { name: 'owner', scopes: all })}\n`);
  say(`made a first token, which may do everything: ${file}`);
}

/** @throws NodeError `input` where tokens and inputs would go over a network in the clear. */
function tlsOf({ host, tlsCert, tlsKey, behindProxy }: ServeSettings) {
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new NodeError('input', '--tls-cert and --tls-key are given together or not at all');
  if (tlsCert !== undefined && tlsKey !== undefined) return { cert: tlsCert, key: tlsKey };
  if (!loopback.includes(host) && !behindProxy)
    throw new NodeError('input', `${host} can be reached from other machines, but there is no certificate`, {
      mend: 'Give --tls-cert and --tls-key, or --behind-proxy where TLS ends before this process.',
    });
  return undefined;
}

const ownName = () =>
  `${hostname()
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]/g, '-')}-${process.pid}`;

/** Waits until the process is asked to end, or its prover hangs: then whoever watches it starts it again. */
function untilInterrupted() {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const hung = (event: ServiceEvent) => {
    if (event.type === 'try' && event.outcome.how === 'hung')
      reject(
        new NodeError('service', 'the prover does not end a proof that it was told to end', {
          mend: 'Start again.',
        }),
      );
  };
  return { promise, hung, takeBack: onInterrupt(() => resolve()) };
}

/** Logs what the service does, and nothing of what it proves. */
function reporter(json: boolean, heard: (event: ServiceEvent) => void) {
  const say = (text: string) => log(json, { level: 'info', type: 'note', text });
  const onEvent = (event: ServiceEvent) => {
    heard(event);
    if (event.type === 'note') return say(event.text);
    if (event.type === 'fault') {
      const { code } = faultOf(event.error);
      const text = describeError(event.error);
      return log(json, { level: 'error', type: 'fault', text, fields: { code, text } });
    }
    if (event.type === 'answer') {
      const { error, type, ...fields } = event;
      // People need not read of every request that went well.
      if (error === undefined) return json && log(json, { level: 'info', type, text: '', fields });
      const text = describeError(error);
      return log(json, { level: 'error', type, text, fields: { ...fields, text } });
    }
    const { job, outcome } = event;
    const { id, circuit, preset } = job;
    const text = `${circuit}/${preset} ${id}: ${inWords(outcome)}`;
    log(json, { level: 'info', type: 'try', text, fields: { id, circuit, preset, ...outcome } });
  };
  return { say, onEvent };
}

function inWords(outcome: (ServiceEvent & { type: 'try' })['outcome']): string {
  if (outcome.how === 'proven')
    return outcome.first
      ? `proven in ${Math.round(outcome.ms)} ms by ${outcome.engine}`
      : 'proven, but another agent was first';
  if (outcome.how !== 'failed') return outcome.how;
  const { reason, lasting } = outcome;
  return `${reason.code}: ${reason.message}${lasting ? '' : '; it is tried again'}`;
}
