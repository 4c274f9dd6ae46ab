// What a failure to use a content says of whoever announced it. Every row of "unknown" is a fault of the reader's own
// machine, store or chain, as it arose somewhere: taken for a finding, it would cost an honest member its stake.
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { HeError } from '@murmuration/he';
import { expect, it } from 'vitest';
import { ChainAway } from '../../../node/chain/index.ts';
import { CiphertextError, contentFault, isSomethingElse } from '../../../node/cryptography/index.ts';
import { NodeError } from '../../../node/errors.ts';
import { StoreError } from '../../../node/store/index.ts';

const away = new ChainAway([{ name: 'http://node', reason: 'HTTP 503', overtaxed: false }]);
const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
  code: 'ENOSPC',
  syscall: 'write',
});

it.each([
  ['an answer that breaks off', new TypeError('terminated')],
  ['a full disk', full],
  ['a full disk below an error of content', new NodeError('wire', 'a bundle', { cause: full })],
  ['a look that took too long', new DOMException('timed out', 'TimeoutError')],
  [
    'work that was broken off, below an error of content',
    new NodeError('wire', 'a bundle', { cause: new DOMException('aborted', 'AbortError') }),
  ],
  ['a role that ends', new NodeError('interrupted', 'stopped')],
  ['a store that does not answer', new StoreError('unreachable', 'no answer')],
  [
    'the same, told by a ring',
    new NodeError('sum', 'an addend', { cause: new StoreError('unreachable', 'x') }),
  ],
  ['a chain that is away', away],
  ['a bug', new TypeError("Cannot read properties of undefined (reading 'length')")],
  ['a reader without memory', new RangeError('Array buffer allocation failed')],
  ['nothing', undefined],
])('nothing is known of anybody after %s', (_, error) => {
  expect(contentFault(error)).toBe('unknown');
  expect(contentFault(new Error('wrapped', { cause: error }))).toBe('unknown');
});

it('a folder that may not be read says nothing of its content', async () => {
  const folder = mkdtempSync(`${tmpdir()}/reading-`);
  const error = await readFile(folder).catch((caught: unknown) => caught);
  expect(contentFault(error)).toBe('unknown');
  rmSync(folder, { recursive: true });
});

it('bytes that the store looked for in vain are missing, and so are those in whose place others lie', () => {
  for (const reason of ['missing', 'wrong'] as const)
    expect(contentFault(new StoreError(reason, 'a block'))).toBe('missing');
});

it.each([
  ['no encoding of it', new NodeError('wire', 'a bundle')],
  ['something else by its proof', new HeError('proof', 'an encryption')],
  ['another sum', new NodeError('sum', 'chunk 0')],
  ['larger than any', new StoreError('oversized', 'a block')],
  ['all of that of one sender', new CiphertextError('0x', new HeError('wire', 'a ciphertext'))],
])('content that was read and is %s is false', (_, error) => {
  expect(isSomethingElse(error)).toBe(true);
});
