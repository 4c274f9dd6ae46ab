// Benchmark of the desk's first start: how long somebody waits who has the packages, and has never run anything of them.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
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
// What runs is what npm has installed, and not the checkout's.
const env = {
  ...process.env,
  PATH: process.env.PATH?.split(delimiter)
    .filter((each) => !each.startsWith(checkout))
    .join(delimiter),
};
try {
  // Or npm would install into a folder above that has one.
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const files = tarballs.map((name) => join(packages, name));
  execFileSync('npm', ['install', '--prefer-offline', '--ignore-scripts', ...files], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (let run = 1; run <= Number(values.runs); run++) {
    const { preset, browser } = values;
    const found = await coldStart({
      installed: folder,
      home: join(folder, `home-${run}`),
      env,
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
