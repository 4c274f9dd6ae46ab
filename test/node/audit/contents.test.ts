// What an audit makes of a store that fails: it could not check, which blames nobody.
import { expect, it } from 'vitest';
import { Checks } from '../../../node/audit/checks.ts';
import { NotedStore } from '../../../node/audit/content/contents.ts';
import { contentFault } from '../../../node/cryptography/index.ts';
import { StoreError } from '../../../node/store/index.ts';

const digest = `0x${'ab'.repeat(32)}` as const;

it.each([
  ['breaks off', new TypeError('terminated'), 'unknown'],
  ['cannot be read', Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'read' }), 'unknown'],
  ['does not answer', new StoreError('unreachable', 'no answer'), 'unknown'],
  ['does not have it', new StoreError('missing', 'not here'), 'missing'],
] as const)('a content that %s is unchecked, and no finding', async (_, error, fault) => {
  const checks = new Checks();
  const store = new NotedStore({ get: () => Promise.reject(error) }, checks, 1000);
  const caught = await store
    .of('ciphertext')
    .get(digest, { maxBytes: 9 })
    .catch((thrown: unknown) => thrown);
  expect(contentFault(caught)).toBe(fault);
  expect(checks.findings).toMatchObject([{ verdict: 'unchecked', artifact: digest }]);
});
