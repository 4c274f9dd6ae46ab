// Where the program keeps what it can make again.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheFolder } from '../../../node/cli/command/cache_folder.ts';
import { root } from '../../suites/suite.ts';

const installed = 'file:///opt/app/node_modules/murmuration/dist/cli/command/cache_folder.js';

describe('the cache folder', () => {
  it('of a checkout is its build folder', () => {
    expect(cacheFolder({})).toBe(join(root, 'build'));
  });

  it('of an installed program lies in the user’s cache', () => {
    expect(cacheFolder({}, installed)).toBe(join(homedir(), '.cache/murmuration'));
    expect(cacheFolder({ XDG_CACHE_HOME: '' }, installed)).toBe(join(homedir(), '.cache/murmuration'));
    expect(cacheFolder({ XDG_CACHE_HOME: '/var/cache' }, installed)).toBe('/var/cache/murmuration');
  });

  it('is the one of MURMURATION_CACHE where it is set', () => {
    expect(cacheFolder({ MURMURATION_CACHE: '/data' })).toBe('/data');
    expect(cacheFolder({ MURMURATION_CACHE: 'kept' }, installed)).toBe(resolve('kept'));
  });
});
