// `npm run bench -- round [--preset base] [--rounds 3] [--json]`: where the time of a round of `npm start` goes, by
// phase and by part of the program. It runs the local federation as it is, and reads the clocks of its threads and
// a profile of its main thread, which is the one that all roles share.
import { subscribe } from 'node:diagnostics_channel';
import { mkdtemp, rm } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { localOptions, runLocalFederation, type View } from '../node/local/index.ts';

/** Seconds since some moment: of the wall, and of the processor in the main thread and in all others. */
interface Clocks {
  readonly wall: number;
  readonly main: number;
  readonly threads: number;
}

function readClocks(): Clocks {
  const seconds = ({ user, system }: { user: number; system: number }) => (user + system) / 1e6;
  const main = seconds(process.threadCpuUsage());
  return { wall: performance.now() / 1000, main, threads: seconds(process.cpuUsage()) - main };
}

const since = (now: Clocks, then: Clocks): Clocks => ({
  wall: now.wall - then.wall,
  main: now.main - then.main,
  threads: now.threads - then.threads,
});

const plus = (a: Clocks, b: Clocks): Clocks => ({
  wall: a.wall + b.wall,
  main: a.main + b.main,
  threads: a.threads + b.threads,
});

/** The phases of a run, in their order, with all that was spent in each. */
interface Phases {
  readonly view: View;
  readonly spent: ReadonlyMap<string, Clocks>;
}

/** A view that reads the clocks when a phase ends; a run shows itself four times a second. */
function timePhases(): Phases {
  const spent = new Map<string, Clocks>();
  let phase = 'set-up';
  let begun = readClocks();
  function enter(next: string): void {
    if (next === phase) return;
    const now = readClocks();
    const passed = since(now, begun);
    const before = spent.get(phase);
    spent.set(phase, before ? plus(before, passed) : passed);
    [phase, begun] = [next, now];
  }
  const view = { say() {}, update: (snapshot: { phase: string }) => enter(snapshot.phase), close() {} };
  return { view, spent };
}

/** The parts of the program by the place of their code: the first that fits says whose work a frame is. */
const parts: readonly (readonly [string, RegExp])[] = [
  ['learning', /\/node\/learn\/|\/@tensorflow\//],
  ['witnesses', /\/prover\/witness\//],
  ['commitments, openings, checks of proofs', /\/prover\//],
  ['encryption', /\/he\//],
  ['content and state', /\/node\/(store|state|keystore)\/|\/@noble\/ciphers\//],
  ['peers and ring', /\/node\/(peer|ring)\/|libp2p|\/@chainsafe\//],
  // Nothing but the chain is asked over HTTP.
  ['calls of the chain', /\/node\/chain\/|\/viem\/|^node:(net|_http)/],
];

/** Requests to the chain so far. */
let requests = 0;
subscribe('http.client.request.start', () => {
  requests += 1;
});

/** Milliseconds that the main thread worked or waited for a core, by part. Each sample counts for the part of its innermost known frame. */
function partsOf({ nodes, samples = [], timeDeltas = [] }: Profile): Map<string, number> {
  const parent = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  function partOf(sample: number): string | undefined {
    const { functionName } = frames.get(sample)!;
    if (functionName === '(idle)') return undefined;
    if (functionName === '(garbage collector)') return 'freeing memory';
    if (functionName === 'writev') return 'calls of the chain';
    for (let id: number | undefined = sample; id !== undefined; id = parent.get(id)) {
      const { url } = frames.get(id)!;
      const part = parts.find(([, place]) => place.test(url));
      if (part) return part[0];
    }
    return 'all else';
  }
  const known = new Map(nodes.map(({ id }) => [id, partOf(id)]));
  const spent = new Map<string, number>();
  samples.forEach((sample, i) => {
    const part = known.get(sample);
    if (part !== undefined) spent.set(part, (spent.get(part) ?? 0) + timeDeltas[i]! / 1000);
  });
  return spent;
}

type Profile = Awaited<ReturnType<typeof profiled>>['profile'];

/** Runs `work` under the profiler of this thread. */
async function profiled(work: () => Promise<unknown>) {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 1000 });
  await session.post('Profiler.start');
  await work();
  return session.post('Profiler.stop');
}

const row = (cells: readonly (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);

/** Runs the benchmark; prints Markdown, or JSON. */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      preset: { type: 'string', default: 'base' },
      rounds: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
    },
  });
  const options = localOptions.parse({ preset: values.preset, rounds: Number(values.rounds) });
  const { rounds } = options;
  const folder = await mkdtemp(join(tmpdir(), 'murmuration-round-'));
  const { view, spent } = timePhases();
  const { signal } = new AbortController();
  let profile: Profile;
  try {
    ({ profile } = await profiled(() =>
      runLocalFederation(options, { folder, cacheFolder: 'build', view, signal }),
    ));
  } finally {
    await rm(folder, { recursive: true });
  }
  const work = partsOf(profile);
  const load = loadavg()[0]!.toFixed(1);
  if (values.json) {
    console.log(JSON.stringify({ options, load, requests, phases: [...spent], parts: [...work] }));
    return 0;
  }
  row(['phase', 'seconds', 'main thread', 'other threads']);
  row(['---', '---:', '---:', '---:']);
  for (const [phase, clocks] of spent) {
    const times = ['set-up', 'keying'].includes(phase) ? 1 : rounds;
    row([phase, ...[clocks.wall, clocks.main, clocks.threads].map((s) => (s / times).toFixed(1))]);
  }
  console.log('\n');
  row(['part', 'of the main thread, %']);
  row(['---', '---:']);
  const all = [...work.values()].reduce((sum, milliseconds) => sum + milliseconds, 0);
  for (const [part, milliseconds] of [...work].sort((a, b) => b[1] - a[1]))
    row([part, ((100 * milliseconds) / all).toFixed(0)]);
  console.log(
    `\nSeconds of a round, mean of ${rounds}; ${options.preset}; ${requests} requests to the chain in all; ` +
      `${availableParallelism()} x ${cpus()[0]?.model.trim() ?? 'unknown'}; load ${load}.`,
  );
  return 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.exitCode = await main(process.argv.slice(2));
