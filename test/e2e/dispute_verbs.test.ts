// `murmur dispute` beside a federation that runs: what people see of disputes, and what they can do by hand.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createCommands } from './processes.ts';

const home = mkdtempSync(join(tmpdir(), 'murmuration-dispute-'));
const { murmur, json, stop } = createCommands({});
afterAll(async () => {
  await stop();
  // The development chain of a killed `up` still writes its state there when it notices.
  rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
});

interface DisputeJson {
  readonly culprit: string;
  readonly evidence: string;
  readonly reporter: string;
  readonly signers: readonly string[];
  readonly status: string;
}

it('lists, shows, signs and files; what is done already is not done again, and who may not is told so', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const shape = ['--preset', 'tiny', '--trainers', '4', '--validators', '3', '--rounds', '200'];
  const up = murmur('up', '--home', home, ...shape, '--adversary', 'lying-hop', '--port', `${port}`);
  await up.prints(/has the dispute with \S+ about round 1 carried out/);

  const place = ['--task', '1', '--home', home, '--rpc', `http://127.0.0.1:${port}`];
  const { disputes } = await json<{ disputes: readonly DisputeJson[] }>('dispute', 'list', ...place);
  const of = disputes.filter(({ status }) => status === 'executed');
  expect(new Set(of.map(({ culprit }) => culprit)).size).toBe(1);
  const signed = of.find(({ signers }) => signers.length > 0)!;
  expect(signed.signers.length).toBeGreaterThanOrEqual(2);

  const about = [...place, '--evidence', signed.evidence];
  expect(await json('dispute', 'show', ...about)).toMatchObject({
    status: 'executed',
    content: { kind: 'hop', culprit: signed.culprit },
    ruling: { ruling: 'convicts' },
  });
  const as = (account: string) => ['--account', account, '--password-file', join(home, 'password')];
  expect(await json('dispute', 'sign', ...about, ...as(signed.signers[0]!))).toMatchObject({ before: true });
  expect(await json('dispute', 'file', ...about, ...as(signed.reporter))).toMatchObject({
    status: 'executed',
  });

  const refused = async (...args: string[]) => {
    const command = murmur('dispute', ...args);
    expect(await command.ended).toBe(1);
    return command.output();
  };
  expect(await refused('sign', ...about, ...as(signed.reporter))).toMatch(/is no validator of task 1/);
  const other = [...place, '--evidence', 'ab'.repeat(32)];
  expect(await refused('show', ...other)).toMatch(/no member of task 1 has announced.*murmur dispute list/);
  await up.kill();
});
