// The log: a line an event, and no secret in it, wherever it is planted.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { log, redact } from '../../../node/cli/output/log.ts';

const password = 'correct "horse" battery';
const environment = {
  MURMURATION_PASSWORD: password,
  DATABASE_URL: 'postgres://murmur:s3cret%2Fpass@db.example/murmur',
};
const token = `murmur_${'aB3_-'.repeat(8)}abc`;

describe('redaction', () => {
  it.each([
    [`cannot reach ${environment.DATABASE_URL}`, 'cannot reach postgres://murmur:***@db.example/murmur'],
    ['url https://user:hunter22@host/x?y=1', 'url https://user:***@host/x?y=1'],
    [`authorization: Bearer ${token}`, 'authorization: Bearer ***'],
    [`the token ${token} is unknown`, 'the token murmur_*** is unknown'],
    [`tried ${password}`, 'tried ***'],
    [JSON.stringify({ tried: password }), '{"tried":"***"}'],
    ['role murmur gave s3cret/pass', 'role murmur gave ***'],
    [JSON.stringify({ url: environment.DATABASE_URL }), '{"url":"postgres://murmur:***@db.example/murmur"}'],
  ])('takes the secret out of %s', (text, clean) => {
    expect(redact(text, environment)).toBe(clean);
  });

  it('leaves what is public', () => {
    const text = 'https://db.example:8420/jobs 0x12ab, 12:30:05, murmur_agent, 3 of 5';
    expect(redact(text, environment)).toBe(text);
    // A password of a few letters would take words out of the log.
    expect(redact('a note', { MURMURATION_PASSWORD: 'note' })).toBe('a note');
  });
});

describe('a line of the log', () => {
  afterEach(() => vi.unstubAllEnvs());

  const lineOf = (json: boolean, level: 'info' | 'error', text: string, fields?: Record<string, unknown>) => {
    const out = vi.spyOn(console, level === 'info' ? 'log' : 'error').mockImplementation(() => undefined);
    log(json, { level, type: 'note', text, ...(fields && { fields }) });
    const [[line]] = out.mock.calls as [[string]];
    out.mockRestore();
    return line;
  };

  it('is JSON with time, level and type, and its fields', () => {
    const entry = JSON.parse(lineOf(true, 'info', '', { id: 'x', ms: 3 })) as Record<string, unknown>;
    expect(entry).toMatchObject({ level: 'info', type: 'note', id: 'x', ms: 3 });
    expect(Number.isNaN(Date.parse(entry.time as string))).toBe(false);
    expect(lineOf(false, 'info', 'said')).toMatch(/^\d\d:\d\d:\d\d {2}said$/);
  });

  it.each([true, false])('goes through the net, json %s', (json) => {
    vi.stubEnv('MURMURATION_PASSWORD', password);
    for (const level of ['info', 'error'] as const) {
      const line = lineOf(json, level, `${password} ${token}`);
      expect(line).not.toContain(password);
      expect(line).not.toContain(token);
      if (json) JSON.parse(line);
    }
  });
});
