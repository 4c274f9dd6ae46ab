// The desk's audits over its API: begun, followed, certified, kept; what was altered or is hostile is shown as such.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditSchema, siteSchema } from '../../../../desk/index.ts';
import {
  type AuditReport,
  type SiteReport,
  siteAuditFormat,
  verifyFiles,
} from '../../../../node/audit/index.ts';
import { openAuditor } from '../../../../node/cli/desk/audits/auditor_key.ts';
import { type AuditBook, openAudits } from '../../../../node/cli/desk/audits/audits.ts';
import { auditRoutes } from '../../../../node/cli/desk/routes/audit_routes.ts';
import { sessionRoutes } from '../../../../node/cli/desk/routes/session_routes.ts';
import { type DeskServer, serveDesk } from '../../../../node/cli/desk/serve.ts';
import { NodeError } from '../../../../node/errors.ts';
import { Refusal } from '../../../../node/http/index.ts';
import { openState, type State } from '../../../../node/state/index.ts';
import { cacheFolder } from '../../../cache_folder.ts';
import { sampleReport } from '../../audit/sample_report.ts';
import { postedTask } from './posted.ts';

const hostile = '\u202E<script>window.harmed = true</script>\u2066';

let folder: string;
let state: State;
let audits: AuditBook;
let server: DeskServer;
let session: string;
/** What the audit at work comes to. */
let work: PromiseWithResolvers<AuditReport>;
let says: (text: string) => void;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'murmuration-desk-audits-'));
  state = await openState(join(folder, 'desk'));
  work = Promise.withResolvers();
  audits = openAudits({
    folder: join(folder, 'audits'),
    auditor: await openAuditor(state),
    async audit(_, say) {
      says = say;
      return { report: await work.promise };
    },
    changed: () => undefined,
  });
  const context = {
    audits: () => audits,
    market: () => ({
      read: async () => ({ tasks: [] }),
      description: async () => undefined,
      async posted(task: bigint) {
        if (task > 2n) throw new Refusal('not-found', `there is no task ${task}`);
        return { ...postedTask(), task };
      },
    }),
    auditSite: async () => siteReport,
  };
  server = await serveDesk({ port: 0, cacheFolder, onAnswer: () => undefined }, (sessions, newLink) => [
    ...sessionRoutes(sessions, newLink),
    ...auditRoutes(context),
  ]);
  const token = new URL(server.newLink()).hash.slice(1);
  const answer = await send('POST', '/api/session', { token }, '');
  ({ session } = (await answer.json()) as { session: string });
});
afterEach(async () => {
  work.resolve(sampleReport);
  await server.stop();
  await audits.close();
  await state.close();
  await rm(folder, { recursive: true, force: true });
});

const send = (method: string, path: string, body?: unknown, as = session) =>
  fetch(`${server.origin}${path}`, {
    method,
    headers: {
      origin: server.origin,
      ...(as !== '' && { authorization: `Bearer ${as}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const look = async (task = '1') =>
  auditSchema.parse(await (await send('GET', `/api/tasks/${task}/audit`)).json());

/** An audit of the task that is over. */
async function made(report: AuditReport): Promise<void> {
  expect((await send('POST', '/api/tasks/1/audit', {})).status).toBe(202);
  work.resolve(report);
  await audits.close();
}

const file = async (name: string) =>
  new Uint8Array(await (await send('GET', `/api/tasks/1/audit/${name}`)).arrayBuffer());

describe("a task's audit", () => {
  it('is followed while it works, one at a time, and is there with its certificate afterwards', async () => {
    expect(await look()).toEqual({ task: '1', state: 'none', says: '' });
    expect((await send('POST', '/api/tasks/1/audit', {})).status).toBe(202);
    says('block 3, 1 of 2');
    expect(await look()).toEqual({ task: '1', state: 'working', says: 'block 3, 1 of 2' });
    expect((await send('POST', '/api/tasks/2/audit', {})).status).toBe(409);

    work.resolve(sampleReport);
    await audits.close();
    const { state: now, report } = await look();
    expect(now).toBe('done');
    expect(report?.outcome).toBe('failed');
    // Whoever gets the three files verifies them, by the desk's own key.
    const files = new Map([
      ['report.json', await file('report.json')],
      ['report.html', await file('report.html')],
    ]);
    const { certificate } = verifyFiles(await file('certificate.json'), files, report!.issuer);
    expect(certificate.credentialSubject.outcome).toBe('failed');
    expect((await send('GET', '/api/tasks/1/audit/password')).status).toBe(400);
    expect((await send('GET', '/api/tasks/1/audit/..%2f..%2fdesk%2fauditor')).status).toBe(400);
  });

  it('is of this desk: its key is the same after another start', async () => {
    const { did } = await openAuditor(state);
    expect((await openAuditor(state)).did).toBe(did);
  });

  it('that was altered on the disk is told, and nothing of it is given away', async () => {
    await made(sampleReport);
    const path = join(folder, 'audits', '1', 'report.json');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"outcome":"failed"', '"outcome":"clean"'));
    const { state: now, fault, report } = await look();
    expect(now).toBe('failed');
    expect(fault?.message).toContain('report.json');
    expect(report).toBeUndefined();
    expect((await send('GET', '/api/tasks/1/audit/certificate.json')).status).toBe(404);
  });

  it('that fails says why, and can be made again', async () => {
    await send('POST', '/api/tasks/1/audit', {});
    work.reject(new NodeError('chain', 'the chain is away', { mend: 'Start it.' }));
    await audits.close();
    expect(await look()).toMatchObject({
      state: 'failed',
      fault: { message: 'the chain is away', mend: 'Start it.' },
    });
    work = Promise.withResolvers();
    await made(sampleReport);
    expect((await look()).state).toBe('done');
  });

  it('shows what members have written as plain text', async () => {
    const finding = { kind: 'content', verdict: 'failed', round: 1, artifact: null } as const;
    const report = {
      ...sampleReport,
      findings: [{ ...finding, subject: hostile, reason: hostile.repeat(1000) }],
    };
    await made(report);
    const [shown] = (await look()).report!.findings;
    expect(`${shown!.about}${shown!.why}`).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
    expect(shown!.why.length).toBeLessThanOrEqual(600);
  });

  it('is of a task that there is', async () => {
    expect((await send('POST', '/api/tasks/3/audit', {})).status).toBe(404);
  });
});

describe('what left', () => {
  it('is shown as plain text, and kept whole', async () => {
    const site = siteSchema.parse(await (await send('GET', '/api/site')).json());
    expect(site.left[0]).toMatchObject({ what: 'update', place: 'store', bytes: 7 });
    expect(site.left[0]!.means).toContain('encrypted');
    expect(site.refused[0]!.why).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
    const kept = (await (await send('GET', '/api/site/site.json')).json()) as SiteReport;
    expect(kept).toEqual(siteReport);
    const page = await send('GET', '/api/site/site.html');
    expect(await page.text()).not.toContain('<script>');
    // A page that the browser would show as the desk's own gets no more than the desk's policy allows.
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});

const account = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const siteReport: SiteReport = {
  format: siteAuditFormat,
  created: '2026-11-26T12:00:00.000Z',
  software: 'murmur 0.0.0',
  outcome: 'clean',
  site: { account, chainId: 31337, logs: [] },
  chain: { until: '9', untilHash: '0x00' },
  covered: { from: 0, to: 1 },
  unanchored: 0,
  statement: ['All agrees.'],
  left: [
    {
      place: 'store',
      what: 'update',
      to: 'everybody',
      count: 1,
      bytes: 7,
      unsure: 0,
      first: '2026-11-26T12:00:00.000Z',
      last: '2026-11-26T12:00:00.000Z',
    },
  ],
  rounds: [],
  refused: [{ what: 'a share', to: 'the other members', why: hostile, times: 1 }],
  checks: [],
  findings: [],
  limits: ['What another program sent.'],
  entries: [],
};
