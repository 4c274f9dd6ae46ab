// This machine's clock may be minutes off, and may be set while a role runs: deadlines are held against chain time, and
// durations are measured by a clock that nobody sets.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../suites/suite.ts';

/** Where the time of day is asked for all the same, and why it does no harm. */
const allowed: Readonly<Record<string, string>> = {
  'node/chain/rpc/endpoint.ts':
    "a provider's date until which it wants to be left alone, bounded where it is used",
  'node/peer/registration.ts':
    'a number that is higher than that of the life before, checked where it is used',
  'node/roles/directory.ts': 'that check',
  'node/roles/peer_place.ts': 'that number, never below the one of the life before',
  'node/roles/runtime/context.ts': "a deadline of chain time, told to a proof service in the machine's own",
};

it('no role, ring or chain client decides anything by the time of day', () => {
  const files = globSync('node/{chain,cryptography,disputes,learn,peer,protocol,ring,roles}/**/*.ts', {
    cwd: root,
  });
  expect(files.length).toBeGreaterThan(150);
  const asking = files.filter((file) =>
    /\bDate\.now\b|new Date\(\)/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(asking.sort()).toEqual(Object.keys(allowed).sort());
});
