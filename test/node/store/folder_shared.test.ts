// A folder that several users of a machine share, and that one of them may not write to.
import { expect, it } from 'vitest';
import { diskError } from '../../../node/store/error.ts';

it.each(['EACCES', 'EPERM', 'EROFS'])('a folder closed to its user (%s) says how users share one', (code) => {
  const error = diskError('block 0x1 was not written', Object.assign(new Error(code), { code }));
  expect(error).toMatchObject({ reason: 'denied', mend: expect.stringMatching(/chmod 2775.*umask 002/) });
});
