// What `host status` says of receipts is what the host wrote: a file that was altered or moved is refused by its name.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepReceipt, listKept, receiptFile } from '../../../../node/cli/verbs/host/kept.ts';
import { signReceipt } from '../../../../node/hosting/index.ts';

const domain = { chainId: 31337, contract: '0x5FbDB2315678afecb367f032d93F642f64180aa3' } as const;
const digest = `0x${'11'.repeat(32)}` as const;
let home: string;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'kept-'));
  mkdirSync(join(home, 'hosted'));
  const signer = privateKeyToAccount(generatePrivateKey());
  await keepReceipt(
    home,
    await signReceipt({ signer, domain }, { sealed: digest, task: 3n, outcome: 'expired', erased: 1000n }),
  );
});
afterEach(() => rmSync(home, { recursive: true }));

const rewrite = (change: (text: string) => string) => {
  const file = receiptFile(home, digest);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
};

it('reads receipts by their schema', async () => {
  expect(await listKept(home)).toMatchObject([
    { package: digest, receipt: { task: 3n, outcome: 'expired' } },
  ]);
});

it.each<[string, (text: string) => string]>([
  ['another outcome', (text) => text.replace('expired', 'trained')],
  ['no JSON', (text) => text.slice(1)],
  ['another package', (text) => text.replace(digest, `0x${'22'.repeat(32)}`)],
  ['more than a receipt has', (text) => text.replace('{', '{"paid":"7",')],
])('refuses a receipt with %s', async (_, change) => {
  rewrite(change);
  await expect(listKept(home)).rejects.toThrow(/receipt\.json is not what this host wrote/);
});
