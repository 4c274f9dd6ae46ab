// The embedded chain: it starts where asked, says what is wrong, and leaves no process behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPublicClient, http } from 'viem';
import { afterEach, describe, expect, it } from 'vitest';
import { type Anvil, createAnvil } from '../../contracts/tools/anvil.ts';

const started: Anvil[] = [];
const make = (options?: Parameters<typeof createAnvil>[0]) => {
  const anvil = createAnvil(options);
  started.push(anvil);
  return anvil;
};
afterEach(async () => {
  await Promise.all(started.splice(0).map((anvil) => anvil.stop()));
});

const client = (anvil: Anvil) => createPublicClient({ transport: http(anvil.url, { retryCount: 0 }) });

describe('anvil', () => {
  it('answers on a free port, with the chain id and the funded accounts that were asked for', async () => {
    const anvil = make({ chainId: 1337, accounts: 3 });
    await anvil.start();
    expect(await client(anvil).getChainId()).toBe(1337);
    const { address } = anvil.account(2);
    expect(await client(anvil).getBalance({ address })).toBe(10_000n * 10n ** 18n);
    expect(() => anvil.account(3)).toThrow('account is 3, but it is an integer from 0 to 2');
  });

  it('runs twice in one process, side by side and again after a stop', async () => {
    const [one, two] = [make(), make()];
    await Promise.all([one.start(), two.start()]);
    expect(one.url).not.toBe(two.url);
    await one.stop();
    await one.stop();
    expect(() => one.url).toThrow('call start() first');
    await one.start();
    await expect(one.start()).rejects.toThrow('already started');
    expect(await client(one).getBlockNumber()).toBe(0n);
    expect(await client(two).getBlockNumber()).toBe(0n);
  });

  it('stops answering when stopped', async () => {
    const anvil = make();
    await anvil.start();
    const reader = client(anvil);
    await anvil.stop();
    await expect(reader.getBlockNumber()).rejects.toThrow();
  });

  it('names an occupied port', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const anvil = make({ port });
    await expect(anvil.start()).rejects.toMatchObject({ code: 'EADDRINUSE', port });
    await expect(anvil.start()).rejects.toThrow(`port ${port} is already in use`);
    server.close();
    await once(server, 'close');
    await anvil.start();
    expect(anvil.url).toBe(`http://127.0.0.1:${port}`);
  });

  it('keeps the chain in its file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'anvil-'));
    try {
      const anvil = make({ state: join(folder, 'state.json') });
      await anvil.start();
      await client(anvil).request({ method: 'evm_mine' } as never);
      await anvil.stop();
      await anvil.start();
      expect(await client(anvil).getBlockNumber()).toBe(1n);
      await anvil.stop();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('dies with a process that is killed', async () => {
    const module = new URL('../../contracts/tools/anvil.ts', import.meta.url).href;
    const script = `import { createAnvil } from ${JSON.stringify(module)};
      const anvil = createAnvil(); await anvil.start(); console.log(anvil.url); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const reader = createPublicClient({ transport: http(String(line).trim(), { retryCount: 0 }) });
    expect(await reader.getBlockNumber()).toBe(0n);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await expect
      .poll(() => reader.getBlockNumber({ cacheTime: 0 }).catch(() => 'gone'), { timeout: 10_000 })
      .toBe('gone');
  });

  it.each([
    [{ port: 65536 }, 'port is 65536, but it is an integer from 0 to 65535'],
    [{ chainId: 0 }, 'chainId is 0'],
    [{ accounts: 0 }, 'accounts is 0'],
    [{ blockTime: 0.5 }, 'blockTime is 0.5'],
    [{ state: 'here.json' }, 'state is "here.json", but it is an absolute path'],
  ])('refuses %o', (options, message) => {
    expect(() => createAnvil(options)).toThrow(message);
  });
});
