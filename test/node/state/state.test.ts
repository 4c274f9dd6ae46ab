// State on disk: whole through kill -9, one process to a folder, and errors that name the version.
import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openState } from '../../../node/state/index.ts';

const module = JSON.stringify(new URL('../../../node/state/index.ts', import.meta.url).href);
const form = { name: 'place', version: 1, schema: z.strictObject({ round: z.int() }) };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'murmuration-state-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** What runs a program as a container does: a process number, a host name and a file system view of its own. */
const inContainer = 'unshare --user --map-root-user --pid --uts --mount-proc --fork --kill-child'.split(' ');
const hasNamespaces = spawnSync(inContainer[0]!, [...inContainer.slice(1), 'true']).status === 0;

/** A process that runs a program and whose output can be awaited. */
function run(program: string, within: readonly string[] = []) {
  const [command, ...args] = [...within, process.execPath, '--input-type=module', '-e', program];
  const child = spawn(command!, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (data) => {
    output += data;
  });
  let errors = '';
  child.stderr.on('data', (data) => {
    errors += data;
  });
  return {
    child,
    lines: () => output.split('\n').slice(0, -1),
    errors: () => errors,
    ended: new Promise((resolve) => child.on('close', resolve)),
  };
}

describe('a document', () => {
  it('comes back as it was written, and is undefined before', async () => {
    const state = await openState(folder);
    const place = state.document(form);
    expect(await place.read()).toBeUndefined();
    await place.write({ round: 3 });
    expect(await place.read()).toEqual({ round: 3 });
    await state.close();
    const again = await openState(folder);
    expect(await again.document(form).read()).toEqual({ round: 3 });
    await again.close();
  });

  it('loses no update when many are asked for at once', async () => {
    const state = await openState(folder);
    const place = state.document(form);
    const other = state.document(form);
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 ? place : other).update((old) => ({ round: (old?.round ?? 0) + 1 })),
      ),
    );
    expect(await place.read()).toEqual({ round: 20 });
    await state.close();
  });

  it('is not replaced by a value that breaks its schema', async () => {
    const state = await openState(folder);
    const place = state.document(form);
    await place.write({ round: 1 });
    await expect(place.write({ round: 1.5 })).rejects.toThrow();
    await expect(place.update(() => Promise.reject(new Error('changed my mind')))).rejects.toThrow(
      'changed my mind',
    );
    expect(await place.read()).toEqual({ round: 1 });
    await state.close();
  });

  it('is migrated step by step, and says what it cannot read', async () => {
    const state = await openState(folder);
    await state.document(form).write({ round: 4 });
    const schema = z.strictObject({ rounds: z.array(z.int()) });
    const third = {
      name: 'place',
      version: 3,
      schema,
      migrations: {
        1: (old: unknown) => (old as { round: number }).round,
        2: (old: unknown) => ({ rounds: [old] }),
      },
    };
    expect(await state.document(third).read()).toEqual({ rounds: [4] });
    const { 1: _, ...gap } = third.migrations;
    await expect(state.document({ ...third, migrations: gap }).read()).rejects.toThrow(
      'has version 1, but this release reads 3 and has no way from 1',
    );
    await state.document(third).write({ rounds: [4, 5] });
    await expect(state.document(form).read()).rejects.toThrow(
      'has version 3, written by a newer release, but this one reads 1',
    );
    await state.close();
  });

  it('that is damaged or another one is not taken for what it is not', async () => {
    const state = await openState(folder);
    const file = join(folder, 'place.json');
    for (const [text, reason] of [
      ['{"document":"place","version":1,"val', 'damaged'],
      ['{"document":"other","version":1,"value":{"round":1}}', 'holds other'],
      ['{"document":"place","version":1,"value":{"round":"1"}}', 'breaks its schema'],
      ['{"document":"place","version":0,"value":{"round":1}}', 'damaged'],
    ]) {
      await writeFile(file, text!);
      await expect(state.document(form).read()).rejects.toThrow(reason);
    }
    await state.close();
  });

  it.each(['../escape', '', 'Upper', 'a/b', '.hidden', 'x'.repeat(101)])(
    'cannot be named %j',
    async (name) => {
      const state = await openState(folder);
      expect(() => state.document({ ...form, name })).toThrow('lower-case');
      await expect(state.writeBytes(name, new Uint8Array(1))).rejects.toThrow('lower-case');
      await state.close();
    },
  );

  it('is the old one or the new one after its writer is killed, wherever that was', async () => {
    const program = `
      const { openState } = await import(${module});
      const { z } = await import(${JSON.stringify(import.meta.resolve('zod'))});
      const state = await openState(${JSON.stringify(folder)});
      const place = state.document({ name: 'place', version: 1, schema: z.object({ round: z.int(), filler: z.string() }) });
      let round = (await place.read())?.round ?? 0;
      for (;;) {
        round += 1;
        await place.write({ round, filler: String(round % 10).repeat(200_000) });
        console.log(round);
      }`;
    const schema = z.object({ round: z.int(), filler: z.string() });
    for (let kill = 0; kill < 6; kill++) {
      const writer = run(program);
      await new Promise<void>((resolve) => {
        writer.child.stdout.on('data', () => {
          if (writer.lines().length > 3) setTimeout(resolve, kill);
        });
      });
      writer.child.kill('SIGKILL');
      await writer.ended;
      // The lock of the killed process is taken over, and what it had half-written is gone.
      const state = await openState(folder);
      const value = (await state.document({ name: 'place', version: 1, schema }).read())!;
      const told = Number(writer.lines().at(-1));
      expect([told, told + 1]).toContain(value.round);
      expect(value.filler).toBe(String(value.round % 10).repeat(200_000));
      expect((await readdir(folder)).sort()).toEqual(['lock', 'lock.db', 'place.json']);
      await state.close();
    }
  });
});

describe('bytes', () => {
  it('come back as they were written, and can be removed', async () => {
    const state = await openState(folder);
    expect(await state.readBytes('secret')).toBeUndefined();
    await state.writeBytes('secret', Uint8Array.of(0, 255, 10));
    expect(await state.readBytes('secret')).toEqual(Uint8Array.of(0, 255, 10));
    await state.removeBytes('secret');
    await state.removeBytes('secret');
    expect(await state.readBytes('secret')).toBeUndefined();
    await state.close();
  });
});

describe('a folder', () => {
  const hold = (within: readonly string[] = []) =>
    run(
      `
    const { openState } = await import(${module});
    await openState(${JSON.stringify(folder)});
    console.log('open');
    setInterval(() => {}, 1000);`,
      within,
    );
  /** The result, as soon as there is one: the system takes a moment to end a namespace. */
  const until = async <T>(result: () => Promise<T>): Promise<T> => {
    for (;;) {
      const found = await result().catch(() => undefined);
      if (found !== undefined) return found;
      await sleep(20);
    }
  };

  it('is open once: not again in this process, nor in another', async () => {
    const state = await openState(folder);
    await expect(openState(folder)).rejects.toThrow(`in use by process ${process.pid}`);
    const other = hold();
    expect(await other.ended).not.toBe(0);
    expect(other.errors()).toContain(`in use by process ${process.pid}`);
    await state.close();
    await state.close();
    expect(() => state.document(form)).toThrow('closed');
    await (await openState(folder)).close();
  });

  it('of a process that was killed is taken over by one of many', async () => {
    const holder = hold();
    await new Promise((resolve) => holder.child.stdout.once('data', resolve));
    await expect(openState(folder)).rejects.toThrow(`in use by process ${holder.child.pid}`);
    holder.child.kill('SIGKILL');
    await holder.ended;
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => openState(folder)));
    const won = all.filter((result) => result.status === 'fulfilled');
    expect(won).toHaveLength(1);
    await won[0]!.value.close();
  });

  it('is held whatever its lock says, and free whatever it says', async () => {
    const file = join(folder, 'lock');
    const elsewhere = JSON.stringify({ pid: 1, host: 'elsewhere', since: 'yesterday' });
    // As a container that was made anew finds it: its host has another name, and process 1 runs.
    for (const text of [elsewhere, 'something else', '']) {
      await writeFile(file, text);
      await (await openState(folder)).close();
    }
    const state = await openState(folder);
    await writeFile(file, elsewhere);
    await expect(openState(folder)).rejects.toThrow('in use by process 1 on elsewhere since yesterday');
    await rm(file);
    await expect(openState(folder)).rejects.toMatchObject({
      message: `${folder} is in use by another process`,
      mend: expect.stringContaining('Stop that process'),
    });
    await state.close();
  });

  it.skipIf(!hasNamespaces)(
    'of a process in another container is not taken from it while it lives',
    async () => {
      const inside = hold(inContainer);
      await new Promise((resolve) => inside.child.stdout.once('data', resolve));
      await expect(openState(folder)).rejects.toThrow('in use by process');
      const other = hold(inContainer);
      expect(await other.ended).not.toBe(0);
      expect(other.errors()).toContain('in use by process');
      inside.child.kill('SIGKILL');
      await inside.ended;
      const state = await until(() => openState(folder));
      const third = hold(inContainer);
      expect(await third.ended).not.toBe(0);
      await state.close();
    },
  );

  it('that cannot be locked says so, and what would help', async () => {
    await mkdir(join(folder, 'lock.db'));
    await expect(openState(folder)).rejects.toMatchObject({
      message: expect.stringContaining('cannot be locked'),
      mend: expect.stringContaining('a file system that keeps locks'),
    });
  });

  it('that was moved away under its process has not forgotten anything: it ends what works with it', async () => {
    const state = await openState(folder);
    await state.writeBytes('decryptions', Uint8Array.of(1));
    await rename(folder, `${folder}-away`);
    await mkdir(folder);
    for (const use of [() => state.readBytes('decryptions'), () => state.writeBytes('x', new Uint8Array(1))])
      await expect(use()).rejects.toMatchObject({
        code: 'state',
        message: expect.stringContaining('is gone'),
        prospect: 'final',
      });
    await rm(folder, { recursive: true });
    await rename(`${folder}-away`, folder);
    expect(await state.readBytes('decryptions')).toEqual(Uint8Array.of(1));
    await state.close();
  });
});
