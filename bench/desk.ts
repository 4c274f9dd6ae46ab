// Benchmark of the desk's first start: how long somebody waits who has the packages, and has never run anything of them.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { installPackages, outsideEnvironment } from '../scripts/install.ts';
import { coldStart } from './desk/cold_start.ts';

const checkout = dirname(import.meta.dirname);
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    preset: { type: 'string', default: 'quick' },
    runs: { type: 'string', default: '2' },
    packages: { type: 'string', default: join(checkout, 'build/packages') },
    browser: { type: 'string', default: '/usr/bin/chromium' },
  },
});
const packages = resolve(values.packages);
const tarballs = existsSync(packages) ? readdirSync(packages).filter((name) => name.endsWith('.tgz')) : [];
if (tarballs.length === 0) throw new Error(`${packages} has no packages: make them with npm run pack`);

const folder = mkdtempSync(join(tmpdir(), 'murmuration-cold-'));
const env = outsideEnvironment();
try {
  await installPackages(
    folder,
    tarballs.map((name) => join(packages, name)),
    env,
  );
  for (let run = 1; run <= Number(values.runs); run++) {
    const { preset, browser } = values;
    const home = join(folder, `home-${run}`);
    const found = await coldStart({
      installed: folder,
      home,
      env: { ...env, MURMURATION_CACHE: join(home, 'cache') },
      preset,
      browser,
    });
    const [link, task, training, paid] = [found.link, found.task, found.training, found.paid].map((seconds) =>
      seconds.toFixed(0),
    );
    console.log(
      values.json
        ? JSON.stringify({ preset, run, ...found })
        : `${preset}, run ${run}: link after ${link} s, task ${task} s, training ${training} s, first reward ${paid} s`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
