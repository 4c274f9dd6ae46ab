// A program that turns on the machine it runs on. Each attack is tried without walls first, where it works, so that a
// wall that is taken away is seen. Where the kernel gives namespaces to nobody, only what needs none is tried.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type ProgramHost,
  type ProgramRun,
  sha256Of,
  startProgram,
  type Walls,
} from '../../../../node/learn/index.ts';
import { pythonWith, walls } from './programs.ts';

const here = dirname(fileURLToPath(import.meta.url));
const steps = { steps: 1, batch: 1, rate: 0.1, seed: 's', round: 0 };
const model = Float32Array.of(0, 0);
const data = { count: 1, shape: [1], inputs: Float32Array.of(1), labels: Uint16Array.of(0), classes: 2 };

let folder: string;
const hosts: ProgramHost[] = [];
const heard: string[] = [];
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'murmuration-walls-')));
});
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
  heard.length = 0;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A folder of its own with the odd program in it. */
async function install(name: string): Promise<string> {
  const own = join(folder, name);
  await mkdir(own);
  await cp(join(here, 'odd.ts'), join(own, 'odd.ts'));
  return own;
}

/** The odd program at work, from a folder in which it is installed. */
async function open(own: string, how: string, aim: string, run: Partial<ProgramRun> & { walls: Walls }) {
  const host = await startProgram(
    {
      kind: 'program',
      files: [{ name: 'odd.ts', sha256: await sha256Of(join(own, 'odd.ts')) }],
      settings: { how, aim, mark: '' },
      parameters: [{ name: 'w', shape: [2] }],
    },
    { exec: `"${process.execPath}" "${join(own, 'odd.ts')}"`, hear: (line) => heard.push(line), ...run },
  );
  hosts.push(host);
  return { host, rows: await host.take(data) };
}

/** What it has said, once it has said so many lines: they come beside its answers, and may come after them. */
async function said(lines: number): Promise<readonly string[]> {
  await expect.poll(() => heard.length).toBeGreaterThanOrEqual(lines);
  return heard;
}

/** What an attempt came to, with walls or without. */
async function tried(how: string, aim: string, run: Partial<ProgramRun> & { walls: Walls }, lines = 1) {
  const { rows } = await open(await install(`${how} ${run.walls} ${hosts.length}`), how, aim, run);
  heard.length = 0;
  await rows.train(model, steps);
  return (await said(lines)).join('\n');
}

/** Processes whose command line has this word. */
async function alive(word: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of (await readdir('/proc')).filter((each) => /^\d+$/.test(each)))
    if ((await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')).split('\0').includes(word))
      found.push(Number(name));
  return found;
}
async function gone(word: string): Promise<void> {
  await expect.poll(() => alive(word), { timeout: 10_000 }).toEqual([]);
}

describe.skipIf(process.platform !== 'linux')(
  'a program without walls that leaves a process with its output',
  () => {
    it('keeps neither its order nor its end waiting', async () => {
      const word = randomUUID();
      const own = await install('left');
      const { host, rows } = await open(own, 'leaves a process', word, { walls: 'none' });
      await rows.train(model, steps);
      await host.close();
      const dying = await open(own, 'leaves a process and dies', word, { walls: 'none' });
      await expect(dying.rows.train(model, steps)).rejects.toThrow(/the program ended \(exit code 3\)/);
      await dying.host.close();
      // It is out of the role's reach, which is why walls are there.
      const left = await alive(word);
      expect(left.length).toBeGreaterThan(0);
      for (const id of left) process.kill(id, 'SIGKILL');
    });
  },
);

describe.skipIf(walls === 'none')('behind walls a program', () => {
  it('leaves nothing behind, at its end and at its death', async () => {
    const word = randomUUID();
    const own = await install('behind');
    const { host, rows } = await open(own, 'leaves a process', word, { walls });
    await rows.train(model, steps);
    await expect.poll(() => alive(word)).not.toEqual([]);
    await host.close();
    await gone(word);
    const dying = await open(own, 'leaves a process and dies', word, { walls });
    await expect(dying.rows.train(model, steps)).rejects.toThrow(/the program ended \(exit code 3\)/);
    await gone(word);
  });

  it('ends with its role, also where that is killed', async () => {
    const word = randomUUID();
    const own = await install('orphan');
    const source = `
      import { startProgram } from ${JSON.stringify(join(here, '../../../../node/learn/index.ts'))};
      const host = await startProgram({
        kind: 'program',
        files: [{ name: 'odd.ts', sha256: '${await sha256Of(join(own, 'odd.ts'))}' }],
        settings: { how: 'hangs, and ignores its end', mark: '', aim: '${word}' },
        parameters: [{ name: 'w', shape: [2] }],
      }, { exec: '"${process.execPath}" ${join(own, 'odd.ts')}', hear: (line) => console.log(line) });
      const data = { count: 1, shape: [1], inputs: Float32Array.of(1), labels: Uint16Array.of(0), classes: 2 };
      await (await host.take(data)).train(Float32Array.of(0, 0), ${JSON.stringify(steps)});`;
    const role: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', source]);
    await once(role.stdout!, 'data');
    await expect.poll(() => alive(word)).not.toEqual([]);
    role.kill('SIGKILL');
    await gone(word);
  });

  it('ends neither its role nor what keeps it', async () => {
    expect(await tried('kills all it can', '', { walls })).toMatch(
      /^kill 1: true\nkill 1: true\nkill -1: ESRCH$/,
    );
  });

  it("does not find its role's password where the environment of a process has it", async () => {
    const secret = randomUUID();
    const env = { ...process.env, MURMURATION_PASSWORD: secret };
    const role = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { env });
    try {
      expect(await tried('looks at its role', secret, { walls: 'none' })).toBe('secret: found');
      expect(await tried('looks at its role', secret, { walls })).toBe('secret: not found');
    } finally {
      role.kill('SIGKILL');
    }
  });

  it("reaches no port, no abstract socket and no socket of the machine's services", async () => {
    const at = join(tmpdir(), `murmuration-walls-${randomUUID()}`);
    const listening = async (target: object): Promise<Server> => {
      const server = createServer((socket) => socket.on('error', () => undefined).end());
      server.listen(target);
      await once(server, 'listening');
      return server;
    };
    const [port, abstract, file] = await Promise.all([
      listening({ port: 0, host: '127.0.0.1' }),
      listening({ path: `\0${at}` }),
      listening({ path: at }),
    ]);
    const aim = JSON.stringify({
      port: { port: (port!.address() as AddressInfo).port, host: '127.0.0.1' },
      abstract: { path: `\0${at}` },
      file: { path: at },
    });
    try {
      const free = (await tried('calls out', aim, { walls: 'none' }, 3)).split('\n').sort();
      expect(free).toEqual(['abstract: reached', 'file: reached', 'port: reached']);
      const held = (await tried('calls out', aim, { walls }, 3)).split('\n').sort();
      expect(held).toEqual(['abstract: ECONNREFUSED', 'file: ENOENT', 'port: ENETUNREACH']);
    } finally {
      for (const server of [port!, abstract!, file!]) server.close();
    }
  });

  it('writes nowhere but into a /tmp of its own, which its next life does not find', async () => {
    const name = `murmuration-${randomUUID()}`;
    const own = await install('writing');
    for (let life = 0; life < 2; life++) {
      const { host, rows } = await open(own, 'writes', name, { walls });
      heard.length = 0;
      await rows.train(model, steps);
      const expected = [`${homedir()}: EROFS`, `${own}: EROFS`, '/var/tmp: ENOENT', '/tmp: done'];
      expect(await said(expected.length)).toEqual(expected);
      await host.close();
    }
    expect(await readdir(tmpdir())).not.toContain(name);
  });

  it('does not see what is covered, nor what else lies in its folder', async () => {
    const own = await install('covering');
    const secrets = join(folder, 'accounts');
    const password = join(folder, 'password');
    await mkdir(secrets);
    const paths = [join(secrets, 'key'), password, join(own, 'beside')];
    for (const path of paths) await writeFile(path, 'secret');
    const read = async (run: Partial<ProgramRun> & { walls: Walls }) => {
      const { rows } = await open(own, 'reads', paths.join(' '), run);
      heard.length = 0;
      await rows.train(model, steps);
      return (await said(paths.length)).map((line) => line.split(': ')[1]);
    };
    expect(await read({ walls: 'none' })).toEqual(['"secret"', '"secret"', '"secret"']);
    expect(await read({ walls, shows: [folder], hidden: [secrets, password] })).toEqual([
      'ENOENT',
      '""',
      'ENOENT',
    ]);
  });

  it("reads nothing of its user's and of the machine's but what its site shows it", async () => {
    const own = await install('reading');
    const name = `murmuration-${randomUUID()}`;
    const places = [
      join(homedir(), `.${name}`),
      join('/var/tmp', name),
      join(folder, name),
      join(here, name),
    ];
    const shown = join(folder, 'weights');
    await mkdir(shown);
    try {
      for (const path of [...places, join(shown, 'w')]) await writeFile(path, 'secret');
      const read = async (run: Partial<ProgramRun> & { walls: Walls }) => {
        const paths = [...places, '/etc/hostname', join(shown, 'w')];
        const { rows } = await open(own, 'reads', paths.join(' '), run);
        heard.length = 0;
        await rows.train(model, steps);
        return (await said(paths.length)).map((line) => line.split(': ')[1]!.replace(/^".*"$/, 'read'));
      };
      expect(await read({ walls: 'none' })).toEqual(Array(6).fill('read'));
      expect(await read({ walls })).toEqual(Array(6).fill('ENOENT'));
      expect(await read({ walls, shows: [shown] })).toEqual([...Array(5).fill('ENOENT'), 'read']);
    } finally {
      for (const path of places) await rm(path, { force: true });
    }
  });

  it('is run by an interpreter of its user, of whose folder it sees no more than that', async () => {
    const own = await install('installed');
    const home = await mkdtemp(join(homedir(), '.murmuration-installed-'));
    try {
      await mkdir(join(home, 'bin'));
      await cp(process.execPath, join(home, 'bin', 'node'));
      await writeFile(join(home, 'rows.csv'), 'secret');
      const exec = `${join(home, 'bin', 'node')} ${join(own, 'odd.ts')}`;
      const { rows } = await open(own, 'reads', join(home, 'rows.csv'), { walls, exec });
      heard.length = 0;
      await rows.train(model, steps);
      expect(await said(1)).toEqual([`${join(home, 'rows.csv')}: ENOENT`]);
    } finally {
      await rm(home, { recursive: true });
    }
  });

  it('is the files that were digested, whatever lies there when it runs', async () => {
    const own = await install('changing');
    const honest = join(folder, 'honest.ts');
    await cp(join(own, 'odd.ts'), honest);
    await rm(join(own, 'odd.ts'));
    await symlink(honest, join(own, 'odd.ts'));
    const { rows } = await open(own, 'reads', join(own, 'odd.ts'), { walls });
    await writeFile(honest, 'changed');
    heard.length = 0;
    await rows.train(model, steps);
    await expect.poll(() => heard.join()).toContain('A program that goes wrong in its training');
  });

  it.skipIf(!pythonWith())('is not what Python has compiled of other files (needs python3)', async () => {
    const own = join(folder, 'compiled');
    await mkdir(own);
    const helper = join(own, 'helper.py');
    const past = new Date('2026-01-01');
    const put = async (text: string) => {
      await writeFile(helper, text);
      await utimes(helper, past, past);
    };
    // Compiled of one text, beside another of the same length and time: Python takes the former.
    await put('WHO = "hostile"\n');
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '' };
    await once(spawn(pythonWith()!, ['-c', 'import helper'], { cwd: own, env }), 'exit');
    await put('WHO = "honest."\n');
    const text = `import json, sys, helper
print(helper.WHO, file=sys.stderr, flush=True)
number = json.loads(sys.stdin.buffer.readline())["number"]
print(json.dumps({"answer": "given", "number": number, "lengths": [], "parameters": [{"name": "w", "shape": [2]}]}), flush=True)
sys.stdin.read()
`;
    await writeFile(join(own, 'main.py'), text);
    const names = ['main.py', 'helper.py'];
    const files = await Promise.all(
      names.map(async (name) => ({ name, sha256: await sha256Of(join(own, name)) })),
    );
    const says = async (kind: Walls) => {
      heard.length = 0;
      const host = await startProgram(
        { kind: 'program', files, settings: {}, parameters: [{ name: 'w', shape: [2] }] },
        { exec: `${pythonWith()} ${join(own, 'main.py')}`, walls: kind, hear: (line) => heard.push(line) },
      );
      hosts.push(host);
      await host.describe();
      // Without walls it is told so first.
      return (await said(kind === 'none' ? 2 : 1)).at(-1);
    };
    expect(await says('none')).toBe('hostile');
    expect(await says(walls)).toBe('honest.');
  });
});

describe('where no walls can be built', () => {
  it('a program is not started, and the mend says what it would be without', async () => {
    const own = await install('nowhere');
    const path = process.env.PATH;
    process.env.PATH = own;
    try {
      await expect(open(own, '', '', { walls: 'kernel' })).rejects.toMatchObject({
        code: 'input',
        message: expect.stringContaining('no walls can be put around the program here: '),
        mend: expect.stringContaining('--exec-walls none'),
      });
    } finally {
      process.env.PATH = path;
    }
    expect(heard).toEqual([]);
    await open(own, '', '', { walls: 'none' });
    expect(heard).toEqual([
      'it runs without walls: with the network, and with all that this user may do and read',
    ]);
  });
});
