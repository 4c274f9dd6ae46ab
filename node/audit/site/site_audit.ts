// An audit of a site: its own logs held against the chain, transaction by transaction, and against what these announce.

import type { Deployment } from '@murmuration/contracts';
import { reasonOf } from '@murmuration/core';
import { type Address, type Hex, hexToBytes, type PublicClient, size, slice } from 'viem';
import { NodeError } from '../../errors.ts';
import { decodeBundle, digestOf } from '../../protocol/index.ts';
import { anchorBytes, type ReadLog } from '../../site/index.ts';
import type { ContentKind } from '../../store/index.ts';
import type { Contents } from '../content/contents.ts';
import { type AccountCall, readAccountCalls } from './account_calls.ts';
import { type AnnouncedContent, readCall, topicKinds } from './announced.ts';
import { buildSiteReport } from './build.ts';
import type { SiteCheckKind } from './kinds.ts';
import { siteCheckNames } from './kinds.ts';
import type { SiteFinding, SiteReport } from './report.ts';
import { type JoinedLogs, joinLogs, type Left } from './site_logs.ts';

/** What an audit of a site is made with. */
export interface SiteAuditSettings {
  readonly client: PublicClient;
  readonly deployment: Deployment;
  readonly logs: readonly ReadLog[];
  /** Whose logs they must be; whoever they say unless given. */
  readonly account?: Address | undefined;
  /** Where the contents that calls announce are looked at; nowhere unless given. */
  readonly store?: Contents | undefined;
  /** The last block that there is for the audit; the newest unless given. */
  readonly until?: bigint;
  /** Blocks above a block before it counts. */
  readonly confirmations: number;
  /** Milliseconds that one content may take. */
  readonly patience?: number;
  readonly software: string;
  readonly now: Date;
  /** Hears of each step. */
  readonly say: (text: string) => void;
}

const defaultPatience = 20_000;
/** Bytes of a content, at most. */
const mostBytes = 64 * 2 ** 20;
/** Contents that a list of contents names, at most. */
const mostListed = 128;

/**
 * Audits a site.
 * @throws NodeError `input` where the logs are of several accounts, or of another account or chain; `chain` where
 * the chain's node stops answering.
 */
export async function auditSite(settings: SiteAuditSettings): Promise<SiteReport> {
  const { client, deployment, logs, confirmations, say } = settings;
  const account = ownerOf(settings);
  const latest = settings.until ?? (await client.getBlockNumber({ cacheTime: 0 }));
  const number = latest > BigInt(confirmations) ? latest - BigInt(confirmations) : 0n;
  const { hash } = await client.getBlock({ blockNumber: number });
  const counted = await client
    .getTransactionCount({ address: account, blockNumber: number })
    // A node without old states has the count of the latest block alone; that block is read, too.
    .catch(() => client.getTransactionCount({ address: account, blockTag: 'latest' }));
  const joined = joinLogs(logs);
  const audit = new SiteAudit(settings, joined);
  audit.enterLogs();
  const from = Math.min(joined.from, counted);
  const source = { client, account, until: latest };
  const hashesOf = (nonce: number) =>
    (joined.byNonce.get(nonce) ?? []).flatMap(({ as }) => (as === null ? [] : [as]));
  for await (const call of readAccountCalls(source, { from, to: counted, hashesOf })) {
    say(`transaction ${call.nonce} of ${counted}`);
    if ('why' in call)
      audit.leave('transaction', `transaction ${call.nonce}`, `it cannot be read: ${call.why}`);
    else await audit.enterCall(call);
  }
  return buildSiteReport({
    created: settings.now,
    software: settings.software,
    account,
    chainId: deployment.chainId,
    logs,
    joined,
    chain: { until: `${number}`, untilHash: hash ?? '0x' },
    covered: { from, to: counted },
    anchored: audit.anchored,
    tallies: audit.tallies,
    findings: audit.findings,
  });
}

/** Whose logs they are. */
function ownerOf({ logs, account, deployment }: SiteAuditSettings): Address {
  const opened = logs.flatMap(({ folder, entries }) =>
    entries.flatMap(({ entry }) => (entry.kind === 'opened' ? [{ folder, ...entry }] : [])),
  );
  const [first] = opened;
  if (!first)
    throw new NodeError('input', 'the logs that were given say of no account that they are its own');
  for (const { folder, account: of, chain } of opened) {
    const wanted = account ?? first.account;
    if (of.toLowerCase() !== wanted.toLowerCase())
      throw new NodeError('input', `${folder} is the log of ${of}, but that of ${wanted} is audited`);
    if (chain !== deployment.chainId)
      throw new NodeError(
        'input',
        `${folder} is of chain ${chain}, but the deployment is on ${deployment.chainId}`,
      );
  }
  return first.account;
}

/** How many checks of a kind came to what. */
interface Tally {
  passed: number;
  failed: number;
  unchecked: number;
}

/** One audit on its way through the account's transactions. */
class SiteAudit {
  readonly findings: SiteFinding[] = [];
  readonly tallies = Object.fromEntries(
    siteCheckNames.map((kind) => [kind, { passed: 0, failed: 0, unchecked: 0 }]),
  ) as Record<SiteCheckKind, Tally>;
  /** By log, the number of the last entry that a transaction vouches for; -1 where none does. */
  readonly anchored: number[];
  readonly #settings: SiteAuditSettings;
  readonly #joined: JoinedLogs;
  readonly #topics: ReadonlyMap<Hex, ContentKind>;
  readonly #looked = new Set<Hex>();

  constructor(settings: SiteAuditSettings, joined: JoinedLogs) {
    this.#settings = settings;
    this.#joined = joined;
    this.anchored = settings.logs.map(() => -1);
    const rounds = joined.left.reduce((most, { entry }) => Math.max(most, entry.round), 0);
    // What is announced for the round that comes may be logged while the last one is.
    this.#topics = topicKinds(rounds + 1);
  }

  leave(kind: SiteCheckKind, subject: string, reason: string, artifact: Hex | null = null): void {
    this.tallies[kind].unchecked += 1;
    this.findings.push({ kind, verdict: 'unchecked', subject, reason, artifact });
  }

  #fail(kind: SiteCheckKind, subject: string, reason: string, artifact: Hex | null = null): void {
    this.tallies[kind].failed += 1;
    this.findings.push({ kind, verdict: 'failed', subject, reason, artifact });
  }

  #pass(kind: SiteCheckKind): void {
    this.tallies[kind].passed += 1;
  }

  /** Enters what is wrong with the logs by themselves. */
  enterLogs(): void {
    for (const { folder, entries, faults, torn, missing } of this.#settings.logs) {
      this.tallies.log.passed += entries.length;
      for (const { file, line, why } of faults)
        this.#fail('log', line === 0 ? `${folder}, ${file}` : `${folder}, ${file}, line ${line}`, why);
      if (torn > 0)
        this.leave(
          'log',
          folder,
          `its last ${torn} bytes are no line: a crash leaves such, or they were changed; of what a crash cut short ` +
            'nothing had left',
        );
      if (missing > 0)
        this.leave('log', folder, `its first ${missing} entries are in files that are not there`);
    }
  }

  /** Checks one transaction of the account. */
  async enterCall(call: AccountCall): Promise<void> {
    const { nonce, to, input, hash, doubts } = call;
    const read = readCall(this.#settings.deployment, call, this.#topics);
    const subject = `transaction ${nonce}, ${read.name}`;
    for (const { kind, text } of doubts)
      if (kind === 'contradicts') this.#fail('transaction', `${subject}, block ${call.block}`, text, hash);
      else this.leave('transaction', `${subject}, block ${call.block}`, text, hash);
    const logged = this.#joined.byNonce.get(nonce) ?? [];
    const found = logged.find((each) => isSame(each, call));
    if (found) {
      this.#pass('transaction');
      this.#enterAnchor(found, call, subject);
    } else if (logged.length > 0)
      this.#fail(
        'transaction',
        subject,
        `the log has another one in its place (${logged.map(({ entry }) => entry.what).join(', ')}), or had it ` +
          'without an anchor',
        hash,
      );
    else
      this.#fail(
        'transaction',
        subject,
        `it is on the chain, in block ${call.block}, to ${to ?? 'nobody'}, ${size(input)} bytes, and in no log`,
        hash,
      );
    for (const content of read.contents) await this.#enterContent(content, subject, hash);
  }

  /** Compares the head that a transaction carries with that of its entry. */
  #enterAnchor({ log, entry, head }: Left, { input, hash }: AccountCall, subject: string): void {
    const carried = slice(input, -anchorBytes);
    if (carried === head) {
      this.#pass('anchor');
      this.anchored[log] = Math.max(this.anchored[log]!, entry.n);
      return;
    }
    const before = this.anchored[log]!;
    const place = this.#joined.heads.get(carried);
    const range = `entries ${before + 1} to ${entry.n}`;
    const { folder } = this.#settings.logs[log]!;
    const why = place
      ? `it carries the head that log ${place.log + 1} has after entry ${place.n}, not after its own, ${entry.n}: ` +
        `${range} were moved, put in or taken out since`
      : `it carries a head that no log has: of ${range} one was altered, moved, put in or taken out since`;
    this.#fail('anchor', `${folder}, ${subject}`, why, hash);
  }

  /** Looks an announced content up in the logs, and in the store. */
  async #enterContent({ digest, kind, committed }: AnnouncedContent, of: string, hash: Hex): Promise<void> {
    if (this.#looked.has(digest)) return;
    this.#looked.add(digest);
    const subject = `${kind ?? 'content'} ${digest}, announced by ${of}`;
    const logged = this.#joined.byDigest.get(digest) ?? [];
    const bytes = await this.#fetch(digest);
    if (logged.length === 0) {
      // What was only committed to has left where a store has it.
      if (!committed || bytes instanceof Uint8Array)
        this.#fail(
          'content',
          subject,
          'the log does not have it: it left without being written down, or never did',
          hash,
        );
      return;
    }
    const named = logged.some(({ entry }) => kind === undefined || [kind, 'copy'].includes(entry.what));
    if (named) this.#pass('content');
    else
      this.#fail(
        'content',
        subject,
        `the log has it as ${logged.map(({ entry }) => entry.what).join(', ')}`,
        hash,
      );
    if (!(bytes instanceof Uint8Array)) {
      if (bytes !== undefined) this.leave('size', subject, bytes, digest);
      return;
    }
    const wrong = logged.find(({ entry }) => entry.bytes !== bytes.length);
    if (digestOf(bytes) !== digest)
      this.#fail('size', subject, 'the store has other bytes under its digest', digest);
    else if (wrong)
      this.#fail(
        'size',
        subject,
        `it has ${bytes.length} bytes, but the log says ${wrong.entry.bytes}`,
        digest,
      );
    else this.#pass('size');
    if (kind === 'statistics') await this.#enterListed(bytes, of, hash);
  }

  /** The contents that a list of statistics names. */
  async #enterListed(bytes: Uint8Array, of: string, hash: Hex): Promise<void> {
    const listed = listIn(bytes);
    for (const digest of listed) await this.#enterContent({ digest, kind: 'statistics' }, of, hash);
  }

  /** The content, why it cannot be had, or undefined where no store is looked at. */
  async #fetch(digest: Hex): Promise<Uint8Array | string | undefined> {
    const { store, patience = defaultPatience } = this.#settings;
    if (!store) return undefined;
    try {
      return await store.get(digest, { maxBytes: mostBytes, signal: AbortSignal.timeout(patience) });
    } catch (error) {
      return `the store does not give it: ${reasonOf(error)}`;
    }
  }
}

/** Whether an entry is about a transaction, whatever head it carries. */
function isSame({ entry }: Left, { to, input }: AccountCall): boolean {
  if (to === null || size(input) < anchorBytes) return false;
  const data = slice(input, 0, size(input) - anchorBytes);
  return entry.to.toLowerCase() === to.toLowerCase() && entry.digest === digestOf(hexToBytes(data));
}

/** The digests in a list of contents; none where the content is no list. */
function listIn(bytes: Uint8Array): Hex[] {
  try {
    const count = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    if (count > mostListed) return [];
    const parts = decodeBundle(bytes, count);
    return parts.every((part) => part.length === 32)
      ? parts.map((part): Hex => `0x${Buffer.from(part).toString('hex')}`)
      : [];
  } catch {
    return [];
  }
}
