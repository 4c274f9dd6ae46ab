// What operators are handed: every query of dashboard and alerts names what `/metrics` exports, every command line of
// units and compose file is one that `murmur` takes, and every alert has its section.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readFlags } from '../node/cli/command/read_flags.ts';
import { isGroup } from '../node/cli/command/verb.ts';
import { allVerbs } from '../node/cli/verbs/index.ts';
import { createMetrics } from '../node/service/api/index.ts';
import type { QueueContext } from '../node/service/queue/index.ts';
import { root } from './suites/suite.ts';

const folder = join(root, 'operations');
const read = (file: string) => readFileSync(join(folder, file), 'utf8');

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}
const alerts = (parse(read('prometheus/alerts.yaml')) as { groups: { rules: Alert[] }[] }).groups.flatMap(
  ({ rules }) => rules,
);
const { panels } = JSON.parse(read('grafana/murmuration.json')) as {
  panels: { title: string; targets: { expr: string }[] }[];
};
const queries = [
  ...alerts.map(({ alert, expr }) => [alert, expr] as const),
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
];

/** The samples of `/metrics` with their labels, once everything has happened. */
const exported = new Map<string, Set<string>>();
beforeAll(async () => {
  const circuit = { circuit: 'update', preset: 'base' };
  const rows: Readonly<Record<string, readonly object[]>> = {
    'count(*)': [{ ...circuit, state: 'waiting', count: 3 }],
    percentile_cont: [{ ...circuit, p95: 1, oldest: 2 }],
    'murmuration.agent': [{ name: 'a', queues: [], parallel: 2, proofs: 0, faults: 0 }],
  };
  const query = async (text: string) => Object.entries(rows).find(([part]) => text.includes(part))![1];
  const metrics = createMetrics({ database: { query } } as unknown as QueueContext, () => 1);
  metrics.requests.observe({ method: 'GET', path: '/', status: '200' }, 1);
  metrics.jobs.inc({ event: 'submitted', circuit: 'update' });
  metrics.proofs.observe(circuit, 1);
  metrics.faults.inc({ ...circuit, code: 'backend' });
  for (const [, name, labels = ''] of (await metrics.render()).matchAll(/^([a-z_]\w*)(?:\{([^}]*)\})? /gm)) {
    const known = exported.get(name!) ?? new Set();
    for (const [, label] of labels.matchAll(/(\w+)="/g)) known.add(label!);
    exported.set(name!, known);
  }
  exported.set('up', new Set(['job', 'instance']));
});

/** What a query names that is not exported. */
function strangers(expr: string): string[] {
  const names = expr.match(/\b(?:murmuration_\w+|up)\b/g) ?? [];
  const foreign = names.filter((name) => !exported.has(name));
  const labelled = [...expr.matchAll(/\b(murmuration_\w+|up)\{([^}]*)\}/g)].flatMap(([, name, inside]) =>
    [...inside!.matchAll(/(\w+)\s*[=!]/g)].map(([, label]) => [name!, label!] as const),
  );
  const grouped = [...expr.matchAll(/\b(?:by|on|without) \(([^)]*)\)/g)].flatMap(([, list]) =>
    list!.split(/,\s*/),
  );
  return [
    ...foreign,
    ...labelled
      .filter(([name, label]) => !exported.get(name)?.has(label))
      .map(([name, label]) => `${name}{${label}}`),
    ...grouped.filter((label) => !names.some((name) => exported.get(name)?.has(label))),
    ...(names.length === 0 ? [`no metric in ${expr}`] : []),
  ];
}

describe('dashboard and alerts', () => {
  it('ask for what is exported, by labels that it has', () => {
    expect(queries.length).toBeGreaterThan(15);
    for (const [where, expr] of queries) expect(strangers(expr), where).toEqual([]);
  });

  it.each([
    ['murmuration_jobs > 0', 'murmuration_jobs'],
    ['murmuration_queue_jobs{status="failed"}', 'murmuration_queue_jobs{status}'],
    ['sum by (agent) (murmuration_places)', 'agent'],
    ['1 > 0', 'no metric in 1 > 0'],
  ])('%s would be noticed', (expr, stranger) => {
    expect(strangers(expr)).toEqual([stranger]);
  });

  it('leave no exported figure without a panel or an alert', () => {
    const used = queries.map(([, expr]) => expr).join('\n');
    const families = [...exported.keys()].map((name) =>
      name.replace(/_(?:bucket|sum|count|total|created)$/, ''),
    );
    for (const family of new Set(families)) expect(used, family).toContain(family);
  });

  it('have a section of docs/operating.md for every alert', () => {
    const page = readFileSync(join(root, 'docs/operating.md'), 'utf8');
    const sections = [...page.matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
    expect(sections.toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
    for (const { labels, annotations } of alerts) {
      expect(labels.severity).toMatch(/^(page|ticket)$/);
      expect(annotations.summary).toMatch(/\S/);
    }
  });
});

/** Reads a command line as the program does. */
function checkCommand(words: readonly string[]): void {
  const [verb, ...rest] = words;
  const found = allVerbs[verb!]!;
  if (!isGroup(found)) return void readFlags(`murmur ${verb}`, found.flags, rest);
  const [action, ...args] = rest;
  readFlags(`murmur ${verb} ${action}`, found.actions[action!]!.flags, args);
}

describe('units of systemd', () => {
  const units = globSync('systemd/*.service', { cwd: folder });
  const temporary = mkdtempSync(join(tmpdir(), 'units-'));
  afterAll(() => rmSync(temporary, { recursive: true }));

  it.each(units)('%s runs a command that there is, drains, and leaves no core', (file) => {
    const text = read(file);
    const [, command] = /^ExecStart=\/usr\/local\/bin\/murmur (.+)$/m.exec(text)!;
    const settings = {
      '%i': '1',
      '%l': 'host',
      $ROLE: 'trainer',
      $ARGS: '--task 1 --data csv:/srv/rows.csv',
    };
    const words = Object.entries(settings).reduce(
      (line, [name, value]) => line.replaceAll(name, value),
      command!,
    );
    checkCommand(words.split(' '));
    expect(text).toMatch(/^KillSignal=SIGTERM$/m);
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(text)![1])).toBeGreaterThanOrEqual(60);
    expect(text).toMatch(/^LimitCORE=0$/m);
  });

  const analyses = spawnSync('systemd-analyze', ['--version']).status === 0;
  it.skipIf(!analyses).each(units)('%s is what systemd-analyze accepts', (file) => {
    const copy = join(temporary, basename(file));
    writeFileSync(copy, read(file).replace('/usr/local/bin/murmur', '/bin/true'));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', copy], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });
});

describe('the compose file', () => {
  const seconds = z.string().regex(/^\d+s$/);
  const names = z.array(z.string());
  /** What of the compose specification it may use, and in which form; a word that is not here is a slip. */
  const serviceSchema = z.strictObject({
    image: z.string().regex(/^[a-z/]+(:[\w.]+)?$/),
    build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
    init: z.literal(true).optional(),
    restart: z.enum(['no', 'always', 'on-failure', 'unless-stopped']),
    read_only: z.boolean().optional(),
    tmpfs: names.optional(),
    cap_drop: names.optional(),
    security_opt: names.optional(),
    ulimits: z.strictObject({ core: z.literal(0) }).optional(),
    stop_signal: z.literal('SIGTERM').optional(),
    stop_grace_period: seconds.optional(),
    depends_on: z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })).optional(),
    environment: z.record(z.string(), z.string()).optional(),
    command: names.optional(),
    secrets: names.optional(),
    volumes: z.array(z.string().regex(/^[\w./-]+:\/[\w./-]+(:ro)?$/)).optional(),
    ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/, 'of this machine alone')).optional(),
    healthcheck: z.strictObject({ test: names, interval: seconds, retries: z.int() }).optional(),
  });
  const file = z
    .strictObject({
      name: z.string(),
      'x-murmur': z.unknown(),
      services: z.record(z.string(), serviceSchema),
      secrets: z.record(z.string(), z.strictObject({ file: z.string().startsWith('./') })),
      volumes: z.record(z.string(), z.strictObject({})),
    })
    .parse(parse(read('compose.yaml'), { merge: true }));

  it('builds from a file that is there, and waits for services that say how they are', () => {
    for (const { build, depends_on = {} } of Object.values(file.services)) {
      if (build) expect(existsSync(join(folder, build.context, build.dockerfile))).toBe(true);
      for (const name of Object.keys(depends_on)) expect(file.services[name]).toHaveProperty('healthcheck');
    }
  });

  it('runs commands that there are, as a user without rights, with a minute to drain', () => {
    const own = Object.values(file.services).filter(({ command }) => command);
    expect(own).toHaveLength(2);
    for (const { command, stop_grace_period } of own) {
      checkCommand(command!);
      expect(stop_grace_period).toBe('90s');
    }
  });

  it('mounts files that are here, and volumes and secrets that it names', () => {
    for (const { volumes = [], secrets = [] } of Object.values(file.services)) {
      for (const secret of secrets) expect(file.secrets).toHaveProperty(secret);
      for (const mount of volumes) {
        const [source] = mount.split(':') as [string];
        if (!source.startsWith('./')) expect(file.volumes).toHaveProperty(source);
        // Keys are the operator's own.
        else if (source !== './keys') expect(existsSync(join(folder, source)), source).toBe(true);
      }
    }
  });
});
