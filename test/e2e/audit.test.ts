// The audit of a whole federation with adversaries: it names each of them and nobody else; whatever byte of
// the chain's answers or of a content is another, it finds that and names it; and what is gone it leaves
// unchecked.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DeploymentCheck, loadArtifacts } from '@murmuration/contracts';
import { ensureDevelopmentKeys, type KeySet } from '@murmuration/prover';
import fc from 'fast-check';
import { createPublicClient, custom, type Hex, http, type PublicClient } from 'viem';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type Audited,
  auditFiles,
  auditSite,
  auditTask,
  compareContents,
  siteReportSchema,
  verifyAudit,
} from '../../node/audit/index.ts';
import { type SentStatement, statementOf } from '../../node/audit/proofs/statements.ts';
import { BatchVerifier } from '../../node/audit/proofs/verifier.ts';
import { readBlock } from '../../node/audit/record/block.ts';
import { type FoundLogs, findLogs } from '../../node/audit/record/find_logs.ts';
import { readBlocks } from '../../node/audit/record/transactions.ts';
import { Replay, type Transaction } from '../../node/audit/replay/replay.ts';
import { defaultFollowSettings } from '../../node/chain/index.ts';
import { main } from '../../node/cli/murmur.ts';
import { inspect } from '../../node/cli/open/trust.ts';
import { openKeystore } from '../../node/keystore/index.ts';
import { createThrowawayFederation, type LocalFederation } from '../../node/local/index.ts';
import { cidOf } from '../../node/protocol/index.ts';
import { ringProtocol } from '../../node/ring/index.ts';
import { answerOf, messageOf, readSiteLog, unnamed } from '../../node/site/index.ts';
import { type ContentStore, contentKinds, createFolderStore } from '../../node/store/index.ts';
import { cacheFolder } from '../cache_folder.ts';
import { honestProverLast } from './federation.ts';

const folder = mkdtempSync(join(tmpdir(), 'murmuration-audit-'));
const storeFolder = join(folder, 'store');

let federation: LocalFederation;
let client: PublicClient;
let keys: KeySet;
let inspection: readonly DeploymentCheck[];
let audited: Audited;

beforeAll(async () => {
  federation = await createThrowawayFederation(
    {
      preset: 'tiny',
      rounds: 1,
      trainers: 6,
      threshold: 2,
      validators: 4,
      phase: 40,
      adversary: ['garbage-proof', 'withhold-ciphertext', 'lazy-vote', 'empty-support', 'wrong-sum'],
    },
    folder,
    { cacheFolder, observe: () => undefined, say: () => undefined, disguise: honestProverLast },
  );
  await federation.start();
  while ((await federation.chain.state()).status !== 'ended') await sleep(250);
  client = createPublicClient({ transport: http(federation.place.url) });
  keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
  await loadArtifacts({ cacheFolder });
  const { deployment } = federation.place;
  inspection = await inspect({ client, deployment, keys: [keys], cache: cacheFolder });
  audited = await audit();
}, 600_000);

afterAll(async () => {
  await federation?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const source = () => ({
  client,
  deployment: federation.place.deployment,
  task: federation.task,
  follow: defaultFollowSettings,
});

async function audit(store?: Pick<ContentStore, 'get'>, found = inspection): Promise<Audited> {
  return auditTask({
    ...source(),
    store: store ?? federation.store,
    keys,
    contributors: [],
    inspection: found,
    software: 'a test',
    now: new Date('2026-11-26T12:00:00Z'),
    patience: 1000,
    say: () => undefined,
  });
}

const accountOf = (kind: string): string => {
  const { trainers, validators, provers } = federation;
  const all = [...trainers, ...validators, ...provers];
  return all.find((member) => member.kind === kind)!.account.signer.address;
};
const failed = ({ report }: Audited) => report.findings.filter(({ verdict }) => verdict === 'failed');

/** A store of the same contents in a folder of its own, some of which are changed. */
async function copyOfStore(
  name: string,
  change: (fileOf: (digest: Hex) => string) => void,
): Promise<ContentStore> {
  const root = join(folder, name);
  cpSync(storeFolder, root, { recursive: true });
  change((digest) => join(root, cidOf(digest).slice(-2), cidOf(digest)));
  const store = createFolderStore(root);
  await store.start();
  return store;
}

function flipByte(file: string, at: number, change = 1): void {
  const bytes = readFileSync(file);
  bytes[at % bytes.length]! ^= change;
  writeFileSync(file, bytes);
}

describe('an audit of a federation with adversaries', () => {
  it('computes everything again, and nothing fails', () => {
    expect(failed(audited)).toEqual([]);
    const passed = Object.fromEntries(audited.report.checks.map(({ kind, passed: count }) => [kind, count]));
    for (const kind of [
      'deployment',
      'block',
      'content',
      'registration',
      'key',
      'proposal',
      'updateProof',
      'encryption',
    ])
      expect(passed[kind], kind).toBeGreaterThan(0);
    for (const kind of [
      'sumProof',
      'sum',
      'model',
      'references',
      'vote',
      'alignmentProof',
      'settlement',
      'money',
    ])
      expect(passed[kind], kind).toBeGreaterThan(0);
    expect(audited.report.rounds.map(({ outcome }) => outcome)).toEqual(['accepted']);
    expect(audited.proofs).toBeGreaterThan(15);
  });

  it('names each adversary by what it did, and nobody else', () => {
    const named = audited.report.misconduct.map(({ account, what }) => `${what} ${account}`);
    expect([...new Set(named)].toSorted()).toEqual(
      [
        `false-proof ${accountOf('garbage-proof')}`,
        `missing-content ${accountOf('withhold-ciphertext')}`,
        `vote-off-majority ${accountOf('lazy-vote')}`,
        `malformed-proposal ${accountOf('empty-support')}`,
        `false-sum ${accountOf('wrong-sum')}`,
      ].toSorted(),
    );
  });

  it('says what everybody pledged, earned and lost as the vault does', async () => {
    for (const { account, role, earned } of audited.report.people) {
      if (role === 'planner') continue;
      const credited = federation.chain.journal.credits.get(account as Hex) ?? 0n;
      expect(BigInt(earned), account).toBe(credited);
    }
  });

  it('says of a deployment that is not what its file says which contract that is', async () => {
    const { deployment } = federation.place;
    const wrong = { ...deployment, exclusions: deployment.bulletin };
    const found = await inspect({ client, deployment: wrong, keys: [keys], cache: cacheFolder });
    const empty = createFolderStore(join(folder, 'empty'));
    await empty.start();
    const result = await audit(empty, found);
    expect(result.report.outcome).toBe('failed');
    const about = failed(result).filter(({ kind }) => kind === 'deployment');
    expect(about.some(({ subject }) => subject.includes(`Exclusions ${deployment.bulletin}`))).toBe(true);
  });

  it('leaves unchecked what is gone, and fails nothing for it', async () => {
    const { metadata } = (await federation.chain.terms()) as { metadata: Hex };
    const store = createFolderStore(join(folder, 'gone'));
    await store.start();
    await store.put(await federation.store.get(metadata, { maxBytes: 2 ** 24 }));
    const result = await audit(store);
    expect(failed(result)).toEqual([]);
    expect(result.report.outcome).toBe('incomplete');
    const missing = result.report.artifacts.filter(({ state }) => state === 'missing');
    expect(missing.length).toBeGreaterThan(5);
    const unchecked = result.report.findings.map(({ kind }) => kind);
    for (const kind of ['content', 'key', 'proposal', 'model']) expect(unchecked).toContain(kind);
    // What the chain alone shows of adversaries needs no content.
    const named = result.report.misconduct.map(({ what }) => what);
    for (const what of ['false-proof', 'vote-off-majority', 'false-sum']) expect(named).toContain(what);
  });
});

describe('any byte changed in a content', () => {
  it('is found and named by an audit, whatever the content is', async () => {
    const kinds = ['proposal', 'ciphertext', 'sum', 'decryption shares'];
    const chosen = kinds.map(
      (kind) => audited.report.artifacts.find((each) => each.kind === kind && each.state === 'read')!,
    );
    const store = await copyOfStore('altered', (fileOf) => {
      for (const { digest } of chosen) flipByte(fileOf(digest as Hex), 1234);
    });
    const result = await audit(store);
    const altered = result.report.artifacts.filter(({ state }) => state === 'altered');
    expect(altered.map(({ digest }) => digest).toSorted()).toEqual(
      chosen.map(({ digest }) => digest).toSorted(),
    );
    expect(result.report.outcome).toBe('failed');
    for (const { digest } of chosen) expect(failed(result).map(({ artifact }) => artifact)).toContain(digest);
    // A store that gives other bytes is at fault, and no member.
    expect(failed(result).every(({ kind }) => kind === 'content')).toBe(true);
  });

  it('is found and named afterwards by who has the report, for contents of every kind', async () => {
    const { artifacts } = audited.report;
    const read = artifacts.filter(({ state }) => state === 'read');
    expect([...new Set(read.map(({ kind }) => kind))].toSorted()).toEqual(
      [
        'ciphertext',
        'decryption shares',
        'description',
        'key share',
        'model',
        'proposal',
        'self-test',
        'sum',
      ].toSorted(),
    );
    let file: (digest: Hex) => string = () => '';
    const store = await copyOfStore('property', (fileOf) => {
      file = fileOf;
    });
    expect(await compareContents(audited.report, store)).toMatchObject({ altered: [], same: read.length });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...read),
        fc.nat(2 ** 20),
        fc.integer({ min: 1, max: 255 }),
        async ({ digest, kind }, at, change) => {
          const path = file(digest as Hex);
          flipByte(path, at, change);
          const { altered } = await compareContents(audited.report, store);
          flipByte(path, at, change);
          expect(altered).toEqual([`${kind} ${digest}`]);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('any byte changed in what the chain’s node says', () => {
  let found: FoundLogs;
  let transactions: Transaction[];
  beforeAll(async () => {
    found = await findLogs(source(), () => undefined);
    transactions = [];
    for await (const block of readBlocks(source(), found)) transactions.push(...block.transactions);
  });

  /** A client whose node gives something else than the chain's. */
  const lying = (change: (method: string, answer: unknown) => unknown): PublicClient =>
    createPublicClient({
      transport: custom({
        async request({ method, params }) {
          const answer = await client.request({ method, params });
          return change(method, structuredClone(answer));
        },
      }),
    });

  it.each([
    [
      'a header',
      'eth_getBlockByNumber',
      ['parentHash', 'stateRoot', 'mixHash', 'timestamp', 'miner', 'receiptsRoot'],
    ],
    ['a call', 'eth_getBlockByNumber', ['input', 'to', 'from', 'nonce', 'value', 'r', 's', 'hash']],
    ['a receipt', 'eth_getBlockReceipts', ['logsBloom', 'cumulativeGasUsed', 'data', 'address', 'topics']],
  ] as const)('is found in %s', async (_, method, fields) => {
    const numbers = [...new Set(found.logs.map(({ blockNumber }) => blockNumber!))];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...numbers),
        fc.constantFrom(...fields),
        fc.nat(2 ** 16),
        async (number, field, at) => {
          let changed = false;
          const client = lying((asked, answer) => {
            if (asked === method) changed = changeDigit(answer, field, at);
            return answer;
          });
          const { doubts } = await readBlock(client, number);
          fc.pre(changed);
          expect(doubts.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is found in a log, which the block’s receipts have otherwise', async () => {
    const [log] = found.logs.filter(({ data }) => data.length > 66);
    const other = { ...log!, data: log!.data.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) as Hex };
    const blocks = readBlocks(source(), { logs: [other] });
    const { doubts } = (await blocks.next()).value!;
    expect(doubts).toMatchObject([{ kind: 'contradicts', text: expect.stringContaining('another log') }]);
  });

  it('is found in the data of any event by the rules alone, even if a whole chain were made around it', () => {
    const before = replayAll(transactions);
    fc.assert(
      fc.property(fc.nat(transactions.length - 1), fc.nat(2 ** 16), fc.nat(2 ** 16), (which, log, at) => {
        const transaction = transactions[which]!;
        const logs = [...transaction.logs];
        const chosen = log % logs.length;
        const { data } = logs[chosen]!;
        fc.pre(data.length > 2);
        const place = 2 + (at % (data.length - 2));
        const digit = (Number.parseInt(data[place]!, 16) ^ 1).toString(16);
        logs[chosen] = {
          ...logs[chosen]!,
          data: `${data.slice(0, place)}${digit}${data.slice(place + 1)}` as Hex,
        };
        const { events, missing } = before[which]!().play({ ...transaction, logs });
        expect(missing.length > 0 || events.some(({ verdict }) => verdict !== 'holds')).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is found in any word of any proof', async () => {
    const replay = new Replay(federation.place.deployment, federation.task);
    const statements: SentStatement[] = [];
    for (const transaction of transactions) {
      const statement = statementOf(federation.place.deployment, replay.book, transaction);
      const { events } = replay.play(transaction);
      const names = events.map(({ event }) => event.eventName);
      if (statement && names.some((name) => ['Submitted', 'SumProven', 'AlignmentProven'].includes(name)))
        statements.push(statement);
    }
    expect(new Set(statements.map(({ kind }) => kind))).toEqual(
      new Set(['update', 'probe', 'sum', 'alignment']),
    );
    const keyOf = (circuit: 'update' | 'aggregate' | 'alignment') => keys.circuit(circuit).verifyingKey;
    const verifier = new BatchVerifier({
      keys: { update: keyOf('update'), aggregate: keyOf('aggregate'), alignment: keyOf('alignment') },
      tauG2: keys.srs.tauG2,
    });
    try {
      const verify = async (claims: SentStatement['claims']) => {
        const verdict = verifier.verify(claims);
        verifier.flush();
        return verdict;
      };
      for (const { claims } of statements) expect(await verify(claims)).toBe(true);
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...statements),
          fc.nat(7),
          fc.nat(6),
          async ({ claims }, word, signal) => {
            const [first, ...rest] = claims;
            const proof = first!.proof.map((value, at) => (at === word ? value + 1n : value));
            expect(await verify([{ ...first!, proof }, ...rest])).toBe(false);
            const signals = first!.signals.map((value, at) =>
              at === signal % first!.signals.length ? value + 1n : value,
            );
            expect(await verify([{ ...first!, signals }, ...rest])).toBe(false);
            if (!first!.opening) return;
            const opening = { ...first!.opening, y: first!.opening.y + 1n };
            expect(await verify([{ ...first!, opening }, ...rest])).toBe(false);
          },
        ),
        { numRuns: 8 },
      );
    } finally {
      await verifier.stop();
    }
  });

  /** For each transaction a way to the replay just before it. */
  function replayAll(all: readonly Transaction[]): (() => Replay)[] {
    return all.map((_, until) => () => {
      const replay = new Replay(federation.place.deployment, federation.task);
      for (const transaction of all.slice(0, until)) replay.play(transaction);
      return replay;
    });
  }
});

/**
 * Changes one hexadecimal digit of a member of this name somewhere in an answer. @returns whether there is
 * one.
 */
function changeDigit(answer: unknown, field: string, at: number): boolean {
  const holders: { readonly of: Record<string, unknown>; readonly value: string | string[] }[] = [];
  const walk = (value: unknown) => {
    if (value === null || typeof value !== 'object') return;
    const of = value as Record<string, unknown>;
    const found = of[field];
    if ((typeof found === 'string' && found.length > 2) || (Array.isArray(found) && found.length > 0))
      holders.push({ of, value: found as string | string[] });
    for (const inner of Object.values(of)) walk(inner);
  };
  walk(answer);
  const holder = holders[at % Math.max(1, holders.length)];
  if (!holder) return false;
  const flip = (text: string) => {
    // The last digit: numbers have no leading zeros, and an address is compared without its case.
    const digit = (Number.parseInt(text.at(-1)!, 16) ^ 1).toString(16);
    return `${text.slice(0, -1)}${digit}`;
  };
  holder.of[field] = Array.isArray(holder.value)
    ? holder.value.map((each, index) => (index === 0 ? flip(each) : each))
    : flip(holder.value);
  return true;
}

describe('the own logs of the sites', () => {
  const everybody = () => {
    const { trainers, validators, provers } = federation;
    return [...trainers, ...validators, ...provers];
  };
  const siteOf = (name: string) => join(folder, 'state', name.replaceAll(' ', '-'), 'site-log');
  const auditOf = async (name: string) =>
    auditSite({
      client,
      deployment: federation.place.deployment,
      logs: [await readSiteLog(siteOf(name))],
      store: federation.store,
      confirmations: 0,
      software: 'a test',
      now: new Date('2026-11-26T12:00:00Z'),
      say: () => undefined,
    });

  it('agree with the chain of all who write down what leaves, and have everything by its kind', async () => {
    const found = new Set<string>();
    for (const { kind, account } of everybody()) {
      if (kind === 'withhold-ciphertext' || kind === 'wrong-sum') continue;
      const report = await auditOf(account.name);
      expect(report.findings, account.name).toEqual([]);
      expect(report.outcome).toBe('clean');
      const transactions = await client.getTransactionCount({ address: account.signer.address });
      expect(report.covered).toEqual({ from: 0, to: transactions });
      const passed = Object.fromEntries(report.checks.map((check) => [check.kind, check.passed]));
      expect(passed).toMatchObject({ transaction: transactions, anchor: transactions });
      for (const { what } of report.left) found.add(what);
    }
    for (const what of contentKinds.slice(0, 9)) expect(found).toContain(what);
    for (const what of [messageOf(ringProtocol), answerOf(ringProtocol)]) expect(found).toContain(what);
    expect(found).not.toContain(unnamed);
  });

  it('lack what an adversary announces and shows to nobody', async () => {
    const { account } = everybody().find(({ kind }) => kind === 'withhold-ciphertext')!;
    const { findings } = await auditOf(account.name);
    expect(findings.filter(({ verdict }) => verdict === 'failed').map(({ kind }) => kind)).toEqual([
      'content',
    ]);
  });
});

describe('murmur audit', () => {
  const out = join(folder, 'out');
  const home = join(folder, 'home');
  const deploymentFile = join(folder, 'deployment.json');
  const flags = () => [
    '--home',
    home,
    '--deployment',
    deploymentFile,
    '--rpc',
    federation.place.url,
    '--store',
    storeFolder,
  ];
  const say = () => [
    vi.spyOn(console, 'log').mockImplementation(() => undefined),
    vi.spyOn(process.stderr, 'write').mockImplementation(() => true),
  ];
  let quiet: ReturnType<typeof say>;
  beforeAll(async () => {
    quiet = say();
    writeFileSync(deploymentFile, JSON.stringify(federation.place.deployment));
    process.env.MURMURATION_PASSWORD = 'auditor';
    await openKeystore(join(home, 'keystore'), 10).createAccount('auditor');
  });
  afterAll(() => {
    delete process.env.MURMURATION_PASSWORD;
    for (const spy of quiet) spy.mockRestore();
  });

  it('writes what it found, says by its exit that not all could be checked, and its certificate verifies', async () => {
    const run = main([
      'audit',
      '--task',
      `${federation.task}`,
      '--out',
      out,
      '--cache',
      cacheFolder,
      ...flags(),
    ]);
    await expect(run).rejects.toMatchObject({
      code: 'audit',
      message: expect.stringContaining('no check fails'),
    });
    const { certificate, report } = await verifyAudit(out);
    expect(report.misconduct).toEqual(audited.report.misconduct);
    await expect(main(['audit', 'verify', '--out', out, '--issuer', certificate.issuer])).resolves.toBe(0);
    await expect(main(['audit', 'verify', '--out', out, '--contents', storeFolder])).resolves.toBe(0);
  });

  it('verify: names the file that was altered', async () => {
    const altered = join(folder, 'out-altered');
    cpSync(out, altered, { recursive: true });
    flipByte(join(altered, auditFiles.page), 5000);
    const verify = main(['audit', 'verify', '--out', altered]);
    await expect(verify).rejects.toMatchObject({
      code: 'audit',
      message: expect.stringContaining('report.html'),
    });
  });

  it('site: finds the logs below a home folder, writes its files, and says by its exit whether all agrees', async () => {
    const [trainer] = federation.trainers.filter(({ kind }) => kind === 'plain');
    const { name, signer } = trainer!.account;
    const site = join(folder, 'site-home');
    cpSync(join(folder, 'state', name.replaceAll(' ', '-')), join(site, 'state', 'trainer-1'), {
      recursive: true,
    });
    await openKeystore(join(site, 'keystore'), 10).createAccount('somebody');
    const command = ['audit', 'site', ...flags(), '--home', site];
    await expect(main(command)).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining('no log'),
    });
    const logs = ['--logs', join(site, 'state', 'trainer-1', 'site-log'), '--account', signer.address];
    await expect(main([...command, ...logs, '--out', join(site, 'out')])).resolves.toBe(0);
    const report = siteReportSchema.parse(JSON.parse(readFileSync(join(site, 'out', 'site.json'), 'utf8')));
    expect(report).toMatchObject({ outcome: 'clean', site: { account: signer.address } });
    expect(readFileSync(join(site, 'out', 'site.html'), 'utf8')).toContain(report.statement[0]!.slice(0, 40));
    flipByte(join(site, 'state', 'trainer-1', 'site-log', '000001.log'), 400);
    await expect(main([...command, ...logs])).rejects.toMatchObject({ code: 'audit' });
  });

  it('refuses another chain, and a task that is none', async () => {
    const other = join(folder, 'other.json');
    writeFileSync(other, JSON.stringify({ ...federation.place.deployment, chainId: 1 }));
    const command = (task: string) => ['audit', '--task', task, '--out', out, '--cache', cacheFolder];
    await expect(main([...command('1'), ...flags(), '--deployment', other])).rejects.toThrow();
    await expect(main([...command('99'), ...flags()])).rejects.toMatchObject({ code: 'task' });
  });
});
