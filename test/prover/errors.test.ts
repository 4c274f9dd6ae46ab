// An error keeps what it says on its way between threads; one that is nobody's is a backend's.
import { ProverError } from '@murmuration/prover';
import { expect, it } from 'vitest';
import { errorMessage, errorOf } from '../../prover/errors.ts';

it.each([{}, { mend: 'Call start() first.' }])('an error with %j comes out as it went in', (options) => {
  const error = new ProverError('key-file', 'the key is none', options);
  const message = errorMessage(error);
  expect(structuredClone(message)).toStrictEqual({
    code: 'key-file',
    message: 'the key is none',
    ...options,
  });
  const { name, code, message: text, mend } = errorOf(message);
  expect({ name, code, text, mend }).toEqual({
    name: 'ProverError',
    code: 'key-file',
    text: 'the key is none',
    mend: error.mend,
  });
});

it('any other error, and what is none, is told as a backend’s', () => {
  expect(errorMessage(new RangeError('too long'))).toEqual({ code: 'backend', message: 'too long' });
  // A code that only another package knows says nothing here.
  const foreign = Object.assign(new Error('no such file'), { code: 'ENOENT', mend: 'Look elsewhere.' });
  expect(errorMessage(foreign)).toEqual({ code: 'backend', message: 'no such file' });
  expect(errorMessage('text')).toEqual({ code: 'backend', message: 'text' });
});
