// The audit of a site: it holds for who writes down all that leaves; what was sent past the log is found, and so is
// every change of the log since.
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bulletinAbi, stakeVaultAbi } from '@murmuration/contracts';
import { erc20Abi, type Hex, parseEther } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditSite, renderSiteAudit, type SiteReport, siteReportSchema } from '../../../node/audit/index.ts';
import { connect, openClient, type Sender, senderOf } from '../../../node/chain/index.ts';
import { fund } from '../../../node/local/index.ts';
import { digestOf, type TopicKind, token, topicOf } from '../../../node/protocol/index.ts';
import {
  encodeLine,
  type LoggedEntry,
  openSiteLog,
  origin,
  type ReadLog,
  readSiteLog,
  recordedCalls,
  recordedStore,
  type SiteLog,
} from '../../../node/site/index.ts';
import { type ContentKind, type ContentStore, createFolderStore } from '../../../node/store/index.ts';
import { openSite, type Site } from '../chain/fixture.ts';

let site: Site;
let store: ContentStore;
const folder = mkdtempSync(join(tmpdir(), 'murmuration-site-audit-'));

beforeAll(async () => {
  site = await openSite();
  store = createFolderStore(join(folder, 'store'));
  await store.start();
});
afterAll(() => site?.anvil.stop());

/** An account that writes down what leaves, and ways past that. */
interface Agent {
  readonly folder: string;
  readonly log: SiteLog;
  readonly sender: Sender;
  /** Sends past the log. */
  readonly raw: Sender;
  readonly store: ContentStore;
}

let agents = 0;
const software = 'a test';

async function agent(): Promise<Agent> {
  agents += 1;
  const account = privateKeyToAccount(`0x${(agents + 100).toString(16).padStart(64, '0')}`);
  const { anvil, deployment } = site;
  await fund(
    { url: anvil.url, deployment },
    { to: account.address, ether: parseEther('10'), tokens: 1000n * token },
  );
  const own = join(folder, `agent-${agents}`);
  const endpoint = {
    url: anvil.url,
    deployment,
    settings: { gasHeadroom: 30, receiptTimeout: 10_000, pollingInterval: 20 },
  };
  const client = await openClient(endpoint);
  const log = await openSiteLog({
    folder: own,
    account: account.address,
    chainId: deployment.chainId,
    marketplace: deployment.marketplace,
    sent: await client.getTransactionCount({ address: account.address }),
    software,
    round: () => 1,
  });
  const sender = senderOf(endpoint, { client, account, outgoing: recordedCalls(log) });
  const { sender: raw } = await connect(endpoint, account);
  return { folder: own, log, sender, raw, store: recordedStore(log, store) };
}

const post = (digest: Hex, kind: TopicKind = 'decryption') =>
  ({
    address: site.deployment.bulletin,
    abi: bulletinAbi,
    functionName: 'post',
    args: [1n, topicOf(kind, kind === 'peer' ? 0 : 1), digest],
  }) as const;

let contents = 0;
const fresh = () => new TextEncoder().encode(`${agents}: content ${contents++}`);

/** What an honest role does: it puts a content and announces it, a few times; it approves and bonds. */
async function work({ sender, store: own }: Agent, times = 2): Promise<void> {
  for (let time = 0; time < times; time++)
    await sender.send(post(await own.put(fresh(), 'decryption shares')));
  const { token: address, vault } = site.deployment;
  await sender.send({ address, abi: erc20Abi, functionName: 'approve', args: [vault, 5n] });
  const args = [sender.account.address, 5n] as const;
  await sender.send({ address: vault, abi: stakeVaultAbi, functionName: 'bond', args });
}

async function audit(logs: readonly ReadLog[]): Promise<SiteReport> {
  return auditSite({
    client: site.client,
    deployment: site.deployment,
    logs,
    store,
    confirmations: 0,
    software,
    now: new Date('2026-11-26T12:00:00Z'),
    say: () => undefined,
  });
}
const auditOf = async (of: { readonly folder: string }) => audit([await readSiteLog(of.folder)]);
const failed = ({ findings }: SiteReport) => findings.filter(({ verdict }) => verdict === 'failed');

describe('an audit of a site', () => {
  it('holds for who writes down all that leaves, and says so in whole sentences', async () => {
    const honest = await agent();
    await work(honest);
    honest.log.refused({ what: 'a share', to: 'all', why: 'it tells a secret' });
    await honest.log.close();
    const report = await auditOf(honest);
    expect(report.findings).toEqual([]);
    expect(report.outcome).toBe('clean');
    expect(report.covered).toEqual({ from: 0, to: 4 });
    const checks = Object.fromEntries(report.checks.map(({ kind, passed }) => [kind, passed]));
    expect(checks).toMatchObject({ transaction: 4, anchor: 4, content: 2, size: 2 });
    expect(report.statement.join('\n')).toContain('Nothing else was sent in its name on this chain');
    expect(report.statement.join('\n')).toContain('The log was not changed since');
    expect(report.refused).toEqual([{ what: 'a share', to: 'all', why: 'it tells a secret', times: 1 }]);
    expect(report.left).toContainEqual(
      expect.objectContaining({ place: 'store', what: 'decryption shares', count: 2, unsure: 0 }),
    );
    expect(siteReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    const page = renderSiteAudit(report);
    for (const sentence of [...report.statement, ...report.limits])
      expect(page).toContain(sentence.replaceAll("'", '&#39;').slice(0, 40));
  });

  it('covers an account that several processes act for, by all of their logs, and misses one that is left out', async () => {
    const [one, other] = [await agent(), await agent()];
    const second = await openSiteLog({
      folder: other.folder.concat('-second'),
      account: one.sender.account.address,
      chainId: site.deployment.chainId,
      marketplace: site.deployment.marketplace,
      sent: 0,
      software,
      round: () => 0,
    });
    const endpoint = { url: site.anvil.url, deployment: site.deployment };
    const beside = senderOf(endpoint, {
      client: await openClient(endpoint),
      account: one.sender.account,
      outgoing: recordedCalls(second),
    });
    await one.sender.send(post(await one.store.put(fresh(), 'decryption shares')));
    await beside.send(post(await recordedStore(second, store).put(fresh(), 'decryption shares')));
    await one.sender.send(post(await one.store.put(fresh(), 'decryption shares')));
    for (const log of [one.log, second, other.log]) await log.close();
    const logs = [await readSiteLog(one.folder), await readSiteLog(other.folder.concat('-second'))];
    expect(await audit(logs)).toMatchObject({ outcome: 'clean', findings: [] });
    expect(failed(await audit(logs.slice(0, 1)))).toMatchObject([
      { kind: 'transaction', subject: 'transaction 1, post' },
      { kind: 'content' },
    ]);
    await expect(audit([...logs, await readSiteLog(other.folder)])).rejects.toMatchObject({ code: 'input' });
  });

  it('finds a transaction by the chain’s count where the process was killed before it heard of it', async () => {
    const killed = await agent();
    await work(killed);
    const left = join(folder, 'killed');
    // What became of the last transactions is not in the log yet.
    cpSync(killed.folder, left, { recursive: true });
    await killed.log.close();
    const log = await readSiteLog(left);
    expect(log.entries.some(({ entry }) => entry.kind === 'closed')).toBe(false);
    const report = await audit([log]);
    expect(report.findings).toEqual([]);
    expect(report.entries.some(({ fate }) => fate === 'unsure')).toBe(true);
  });
});

describe('an agent that sends something past its log', () => {
  it.each([
    ['an announcement', ({ raw }: Agent) => raw.send(post(digestOf(fresh())))],
    [
      'an approval of its tokens',
      ({ raw }: Agent) => {
        const { token: address, vault } = site.deployment;
        return raw.send({ address, abi: erc20Abi, functionName: 'approve', args: [vault, 1n] });
      },
    ],
  ])('is found: %s, the transaction named', async (_, deed) => {
    const adversary = await agent();
    await work(adversary, 1);
    const { transactionHash } = await deed(adversary);
    await work(adversary, 1);
    await adversary.log.close();
    const report = await auditOf(adversary);
    expect(report.outcome).toBe('failed');
    expect(failed(report).filter(({ kind }) => kind === 'transaction')).toMatchObject([
      { artifact: transactionHash, reason: expect.stringContaining('in no log') },
    ]);
    expect(report.statement.join('\n')).not.toContain('Nothing else');
  });

  it.each<[string, ContentKind | 'nothing', RegExp]>([
    ['a content that is not in it', 'nothing', /does not have it/],
    ['a content that it calls something else', 'model', /has it as model/],
  ])('is found: %s', async (_, kind, why) => {
    const adversary = await agent();
    const bytes = fresh();
    const digest = kind === 'nothing' ? await store.put(bytes) : await adversary.store.put(bytes, kind);
    await adversary.sender.send(post(digest));
    await adversary.log.close();
    expect(failed(await auditOf(adversary))).toMatchObject([
      { kind: 'content', subject: expect.stringContaining(digest), reason: expect.stringMatching(why) },
    ]);
  });

  it('is found: more bytes than it says', async () => {
    const adversary = await agent();
    const bytes = fresh();
    const digest = await store.put(bytes);
    const [place, to] = ['store', 'all'] as const;
    await adversary.log.leaving({ place, what: 'decryption shares', to, bytes: 3, digest });
    await adversary.sender.send(post(digest));
    await adversary.log.close();
    expect(failed(await auditOf(adversary))).toMatchObject([
      { kind: 'size', reason: `it has ${bytes.length} bytes, but the log says 3` },
    ]);
  });
});

describe('a log that is written anew so that it holds together', () => {
  let honest: ReadLog;
  beforeAll(async () => {
    const writer = await agent();
    await work(writer, 3);
    await writer.log.close();
    honest = await readSiteLog(writer.folder);
  });

  /** A log of these entries, with hashes that follow. */
  async function anew(name: string, entries: readonly LoggedEntry['entry'][]): Promise<ReadLog> {
    const rewritten = join(folder, name);
    cpSync(honest.folder, rewritten, { recursive: true });
    let head = origin;
    const lines = entries.map((entry, n) => {
      const line = encodeLine(head, { ...entry, n });
      head = line.head;
      return line.bytes;
    });
    writeFileSync(join(rewritten, '000001.log'), Buffer.concat(lines));
    const log = await readSiteLog(rewritten);
    expect(log.faults).toEqual([]);
    return log;
  }
  const entries = () => honest.entries.map(({ entry }) => entry);
  const indexOf = (what: string, which: number) =>
    entries().flatMap((entry, at) => (entry.kind === 'leaves' && entry.what === what ? [at] : []))[which]!;

  it.each<[string, () => LoggedEntry['entry'][]]>([
    [
      'with another size',
      () =>
        entries().map((entry, at) =>
          at === indexOf('decryption shares', 1) ? { ...entry, bytes: 1 } : entry,
        ),
    ],
    [
      'with another addressee',
      () =>
        entries().map((entry, at) =>
          at === indexOf('decryption shares', 1) ? { ...entry, to: 'none' } : entry,
        ),
    ],
    ['without an entry', () => entries().toSpliced(indexOf('post, to be tried', 1), 1)],
    [
      'with an entry put in',
      () =>
        entries().toSpliced(indexOf('decryption shares', 1), 0, entries()[indexOf('decryption shares', 0)]!),
    ],
    [
      'in another order',
      () => {
        const all = entries();
        const [a, b] = [indexOf('decryption shares', 1), indexOf('post, to be tried', 1)];
        return all.with(a, all[b]!).with(b, all[a]!);
      },
    ],
  ])('%s: the next transaction’s anchor shows it, and where', async (name, change) => {
    const log = await anew(name.replaceAll(' ', '-'), change());
    const report = await audit([log]);
    const anchors = failed(report).filter(({ kind }) => kind === 'anchor');
    // The first transaction came before the change, and still vouches for what stands there.
    expect(report.checks.find(({ kind }) => kind === 'anchor')).toMatchObject({ passed: 1, failed: 4 });
    const firstAnchor = indexOf('post', 0);
    expect(anchors[0]!.reason).toContain(`entries ${firstAnchor + 1} to `);
    expect(anchors[0]!.subject).toContain('transaction 1, post');
  });

  it('cut off: the transactions that it had are named', async () => {
    const log = await anew('cut', entries().slice(0, indexOf('post', 1)));
    const missing = failed(await audit([log])).filter(({ kind }) => kind === 'transaction');
    expect(missing.map(({ subject }) => subject)).toEqual(
      ['1, post', '2, post', '3, approve', '4, bond'].map((name) => `transaction ${name}`),
    );
  });

  it('begun later: it says what it does not cover, and is not clean', async () => {
    const at = indexOf('post', 1) + 1;
    const opened = { ...entries()[0]!, sent: 2 } as LoggedEntry['entry'];
    const report = await audit([await anew('later', [opened, ...entries().slice(at)])]);
    expect(report).toMatchObject({ covered: { from: 2, to: 5 } });
    expect(report.outcome).not.toBe('clean');
  });

  it('with a byte changed: named by its line, and nothing else is said to hold of it', async () => {
    const changed = join(folder, 'changed');
    cpSync(honest.folder, changed, { recursive: true });
    const file = join(changed, '000001.log');
    writeFileSync(file, readFileSync(file, 'utf8').replace('decryption shares', 'encryption sharesd'));
    const report = await audit([await readSiteLog(changed)]);
    expect(failed(report)).toContainEqual(
      expect.objectContaining({ kind: 'log', subject: expect.stringContaining('line 2') }),
    );
  });
});

describe('an anchor', () => {
  it('costs a transaction at most 1,280 gas, and changes nothing of what the call does', async () => {
    const of = await agent();
    const digest = digestOf(fresh());
    const [bare, anchored] = [await of.raw.send(post(digest)), await of.sender.send(post(digest))];
    expect(anchored.logs.map(({ data, topics }) => [data, topics])).toEqual(
      bare.logs.map(({ data, topics }) => [data, topics]),
    );
    const extra = Number(anchored.gasUsed - bare.gasUsed);
    expect(extra).toBeGreaterThanOrEqual(12 * 32);
    expect(extra).toBeLessThanOrEqual(40 * 32);
    await of.log.close();
  });
});
