// The README's example runs as printed and prints what it says; its table of parameters is that of the
// presets.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createHe, floodingBits, type PresetName, presets } from '../../he/index.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(new URL('../../he/README.md', import.meta.url), 'utf8');
/** Without the padding that aligns tables. */
const plain = page.replace(/ +/g, ' ');

describe('README', () => {
  it('the example prints what it says', () => {
    const [, code, printed] = /```ts\n([\s\S]*?)```\n\nprints\n\n```\n([\s\S]*?)```/.exec(page)!;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module-typescript', '-'], {
      cwd: root,
      input: code!,
      encoding: 'utf8',
    });
    expect(stdout, stderr).toBe(printed);
  });

  it.each(Object.keys(presets) as PresetName[])('the row of %s is up to date', async (name) => {
    const he = await createHe(name);
    const p = he.params;
    const row = [
      `\`${name}\``,
      p.ringDegree,
      `${p.modulusBits} of ${p.securityLimitBits} bits`,
      `2^${p.plainBits}`,
      p.coordinatesPerChunk,
      p.maxAddends,
      `2^${p.noiseRoomBits.toFixed(1)}`,
      `${floodingBits(p, 5, 3).toFixed(1)} bits`,
      `${p.worstFloodingBits.toFixed(1)} bits`,
      `${he.ciphertextBytes.toLocaleString('en')} bytes`,
    ];
    expect(plain).toContain(`| ${row.join(' | ')} |`);
  });
});
