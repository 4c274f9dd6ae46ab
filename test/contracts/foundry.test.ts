// Foundry's programs: found where they are installed, and otherwise named with the mend.
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ContractsError } from '../../contracts/index.ts';
import { foundryBinary } from '../../contracts/tools/foundry.ts';

const thrownBy = (action: () => unknown): ContractsError => {
  try {
    action();
  } catch (error) {
    if (error instanceof ContractsError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

it('anvil is found on this machine', () => {
  expect(existsSync(foundryBinary('anvil'))).toBe(true);
});

it('a platform without a build is named, and the mend', () => {
  const { code, message, mend } = thrownBy(() => foundryBinary('anvil', 'win32-x64'));
  expect(code).toBe('program');
  expect(message).toBe(
    'anvil has no build for win32-x64, only for linux-x64, linux-arm64, darwin-x64, darwin-arm64',
  );
  expect(mend).toContain('--rpc');
});

it('a package that is left out is named, in the version that package.json has', () => {
  const elsewhere = process.platform === 'darwin' ? 'linux-arm64' : 'darwin-arm64';
  const name = `@foundry-rs/anvil-${elsewhere.replace('x64', 'amd64')}`;
  const { optionalDependencies } = JSON.parse(
    readFileSync(new URL('../../contracts/package.json', import.meta.url), 'utf8'),
  ) as { optionalDependencies: Record<string, string> };
  const { code, mend } = thrownBy(() => foundryBinary('anvil', elsewhere));
  expect(code).toBe('program');
  expect(mend).toContain(`npm install --no-save ${name}@${optionalDependencies[name]}`);
});
