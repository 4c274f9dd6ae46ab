// Where tests keep compiled circuits and keys: with the checkout's own.
import { join } from 'node:path';
import { root } from './suites/suite.ts';

export const cacheFolder: string = join(root, 'build');
