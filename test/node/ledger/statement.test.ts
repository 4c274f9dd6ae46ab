// Statements on a real chain: what an account did is explained, adds up to the vault, and is what the command prints.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { main } from '../../../node/cli/murmur.ts';
import { createSecretBox } from '../../../node/keystore/index.ts';
import { readStatement } from '../../../node/ledger/index.ts';
import { token } from '../../../node/protocol/index.ts';
import { applyForSeat, bondUpTo } from '../../../node/roles/index.ts';
import { openPlaces, openSite, type Person, person, type Site, smallTask } from '../chain/fixture.ts';

const home = mkdtempSync(join(tmpdir(), 'statement-'));
let site: Site;
let planner: Person;
let trainer: Person;
let task: bigint;

beforeAll(async () => {
  site = await openSite();
  writeFileSync(join(home, 'deployment.json'), JSON.stringify(site.deployment));
  planner = await person(site, 20);
  trainer = await person(site, 21);
  task = await planner.actions.post(smallTask);
  const { actions, account } = trainer;
  await bondUpTo(actions, 50n * token);
  const secretBox = createSecretBox(new Uint8Array(32).fill(7));
  const member = {
    actions,
    signer: account,
    deployment: site.deployment,
    secretBox,
    places: openPlaces,
  };
  await applyForSeat(member, { task, role: 'trainer', stake: 40n * token });
  await actions.withdrawApplication(task);
  await actions.queue(5n * token);
  await planner.actions.cancel(task);
  await planner.actions.claim();
});
afterAll(async () => {
  await site?.anvil.stop();
  rmSync(home, { recursive: true });
});

const kindsOf = async ({ account: { address } }: Person) => {
  const { movements, differing } = await readStatement(site.client, site.deployment, address);
  expect(differing).toEqual([]);
  return movements.map(({ kind, amount }) => [kind, amount] as const);
};

describe('a statement', () => {
  it("has every movement of a member, and the vault's own sums", async () => {
    expect(await kindsOf(trainer)).toEqual([
      ['bond', 50n * token],
      ['pledge', 40n * token],
      ['release', 40n * token],
      ['queue', 5n * token],
    ]);
  });

  it('has what a planner paid in, got back, and took out', async () => {
    const kinds = await kindsOf(planner);
    expect(kinds.map(([kind]) => kind)).toEqual(['fund', 'refund', 'claim']);
    expect(new Set(kinds.map(([, amount]) => amount)).size).toBe(1);
  });

  it('is what `trainer status --explain` prints', async () => {
    const printed: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
    const { address } = trainer.account;
    const flags = ['--task', `${task}`, '--home', home, '--rpc', site.anvil.url, '--account', address];
    // The account is named, so no keystore is needed.
    await main(['trainer', 'status', ...flags, '--explain', '--json']);
    await main(['trainer', 'status', ...flags, '--explain']);
    log.mockRestore();
    const { explanation } = JSON.parse(printed[0]!) as { explanation: { books: object; vault: object } };
    expect(explanation.books).toEqual(explanation.vault);
    expect(printed[1]).toMatch(/pledge +40 .*applied for a seat \(0x/);
    expect(printed[1]).toMatch(/bonded +45 +as the vault says/);
  });

  it('tells a prover that proved nothing that it earned nothing', async () => {
    const printed: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
    const { address } = trainer.account;
    await main([
      'prover',
      'earnings',
      '--home',
      home,
      '--rpc',
      site.anvil.url,
      '--account',
      address,
      '--json',
    ]);
    log.mockRestore();
    expect(JSON.parse(printed[0]!)).toMatchObject({
      tasks: [],
      total: { fees: '0', slashed: '0', gas: '0' },
    });
  });
});
