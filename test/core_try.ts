console.log('in');
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { createBackend, createProver, ensureDevelopmentKeys, update, squaredNorm, randomBlinding } from '@murmuration/prover';
import { writeContent } from '../node/service/job/submission.ts';
import { cacheFolder } from './cache_folder.ts';
const home = mkdtempSync(join(tmpdir(), 'core-'));
const keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
const prover = createProver(keys, createBackend({ name: 'wasm' }));
const server = spawn(process.execPath, ['node/murmur.js', 'prover', 'serve', '--home', home, '--preset', 'tiny', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
let out = '';
server.stdout.on('data', (d) => { out += d; console.log(String(d)); }); console.log('started', server.pid);
while (!/serves at (http:[^;]+);/.test(out)) await new Promise((r) => setTimeout(r, 100));
const url = /serves at (http:[^;]+);/.exec(out)![1]!;
const token = readFileSync(join(home, 'service/token'), 'utf8').trim();
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
const vector = { coordinates: Int32Array.from({ length: 96 }, () => Math.floor(Math.random() * 15) - 7), blinding: randomBlinding() };
const gamma = BigInt(`0x${randomBytes(16).toString('hex')}`);
const { h } = await prover.commit('update', vector);
const { y } = await prover.open('update', vector, gamma);
const claim = { h, gamma, y, normBound: squaredNorm(vector.coordinates) + 1n };
const content = { signals: update.signals(prover.preset, claim), inputs: update.secretInputs(prover.preset, claim, vector) };
console.log('submits');
const r = await fetch(`${url}/jobs`, { method: 'POST', headers, body: JSON.stringify({ circuit: 'update', preset: 'tiny', ...writeContent(content) }) });
const job = await r.json() as any;
let state = '';
while (state !== 'done') { const j = await (await fetch(`${url}/jobs/${job.id}?wait=5`, { headers })).json() as any; state = j.state; }
const marks: [string, Buffer][] = vector.blinding.flatMap((b, i) => {
  const hex = b.toString(16).padStart(64, '0'); const bytes = Buffer.from(hex, 'hex');
  return [[`dec${i}`, Buffer.from(String(b))], [`dec16${i}`, Buffer.from(String(b), 'utf16le')], [`hex${i}`, Buffer.from(hex)], [`be${i}`, bytes], [`le${i}`, Buffer.from(bytes).reverse()]] as [string, Buffer][];
});
async function count(file: string) {
  const f = await open(file); const chunk = Buffer.alloc(1 << 24); let pos = 0; const counts: Record<string, number> = {};
  for (;;) { const { bytesRead } = await f.read(chunk, 0, chunk.length, pos); if (bytesRead === 0) break; const view = chunk.subarray(0, bytesRead);
    for (const [n, m] of marks) for (let at = view.indexOf(m); at !== -1; at = view.indexOf(m, at + 1)) counts[n] = (counts[n] ?? 0) + 1;
    if (bytesRead < 200) break; pos += bytesRead - 160; }
  await f.close(); return { counts, pos };
}
for (const wait of [0, 15000]) {
  await new Promise((r) => setTimeout(r, wait));
  execFileSync('gcore', ['-o', join(home, 'core'), String(server.pid)], { stdio: 'ignore' });
  console.log(wait, await count(join(home, `core.${server.pid}`)));
}
server.kill();
rmSync(home, { recursive: true });
process.exit(0);
