// The example in contracts/README.md runs as printed.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { presetKeys } from './keys.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

it('deploys to a development chain and reads a stage by its word', async () => {
  const readme = readFileSync(join(root, 'contracts/README.md'), 'utf8');
  const code = /```ts\n([\s\S]*?)```/.exec(readme)![1]!;
  const folder = mkdtempSync(join(tmpdir(), 'contracts-readme-'));
  const file = join(folder, 'keys.json');
  writeFileSync(file, JSON.stringify(presetKeys('tiny')));

  const args = ['--input-type=module-typescript', '--eval', code];
  const options = { cwd: root, env: { ...process.env, KEYS: file }, timeout: 600_000 };
  const { stdout } = await promisify(execFile)(process.execPath, args, options).finally(() =>
    rmSync(folder, { recursive: true }),
  );

  expect(stdout).toBe('none\n');
}, 600_000);
