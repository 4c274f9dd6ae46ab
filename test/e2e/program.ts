// The program as packages have it, made of the checkout's modules, for the commands of all tests: they start in less than
// half the time, and what users run is what is tested.
import { join } from 'node:path';
import { bundleProgram } from '../../scripts/program.ts';
import { root } from '../suites/suite.ts';
import { installed } from './processes.ts';

export async function setup(): Promise<void> {
  if (installed !== undefined) return;
  const path = 'build/test/program';
  await bundleProgram(join(root, 'node/murmur.js'), join(root, path));
  process.env.MURMURATION_TEST_PROGRAM = join(path, 'murmur.js');
}
