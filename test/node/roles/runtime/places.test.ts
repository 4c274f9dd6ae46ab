// Which task a member's memory is of, on a chain that is begun anew at the same contracts, that reorganises the post
// itself, or that lies. Histories are branches of one development chain: number, addresses and terms of the task are
// the same on all of them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Origin, readPosting } from '../../../../node/chain/index.ts';
import { createSecretBox } from '../../../../node/keystore/index.ts';
import { token } from '../../../../node/protocol/index.ts';
import { applyForSeat } from '../../../../node/roles/index.ts';
import { openPlaces, type Places } from '../../../../node/roles/runtime/places.ts';
import { entropyOf, scopeOf, type TaskPlace } from '../../../../node/roles/runtime/seeds.ts';
import { createRoleStorage } from '../../../../node/roles/runtime/storage.ts';
import { openState, type State } from '../../../../node/state/index.ts';
import { openSite, type Person, person, type Site, smallTask } from '../../chain/fixture.ts';

const task = 1n;
const stake = 40n * token;
const secretBox = createSecretBox(new Uint8Array(32).fill(7));
const secret = new TextEncoder().encode('a sealed update');

let site: Site;
let planner: Person;
let ada: Person;
/** The chain before the post. */
let snapshot: unknown;
let folder: string;
let state: State;
let owner: Parameters<typeof openPlaces>[0]['owner'];

beforeAll(async () => {
  site = await openSite();
  [planner, ada] = [await person(site, 10), await person(site, 11)];
  owner = { secretBox, deployment: site.deployment, signer: ada.account };
  snapshot = await site.rpc('evm_snapshot');
});
afterAll(() => site?.anvil.stop());

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'places-'));
  state = await openState(folder);
  await anotherHistory();
});
afterEach(async () => {
  await state.close();
  rmSync(folder, { recursive: true });
});

/** Goes back to before the post, and posts the same task again in another block. */
async function anotherHistory(): Promise<void> {
  await site.rpc('evm_revert', snapshot);
  snapshot = await site.rpc('evm_snapshot');
  await site.rpc('evm_increaseTime', ++ages * 1000);
  expect(await planner.actions.post(smallTask)).toBe(task);
}
let ages = 0;

const open = (confirmations = 0, client = site.client): Places =>
  openPlaces({ state, client, owner, confirmations });
const joining = (places: Places) =>
  applyForSeat(
    { actions: ada.actions, signer: ada.account, deployment: site.deployment, secretBox, places },
    { task, role: 'trainer', stake },
  );
const memory = (place: TaskPlace) => createRoleStorage(state, secretBox, scopeOf(site.deployment, place));
const posted = async (): Promise<Origin> => (await readPosting(site.client, site.deployment, task)).origin;

describe('a task that was joined', () => {
  it('is found again by a restart, with what is remembered of it', async () => {
    await joining(open());
    const place = await open().resume(task);
    expect(place.origin).toEqual(await posted());
    await memory(place).write('progress', secret);
    await state.close();
    state = await openState(folder);
    expect(await memory(await open().resume(task)).read('progress')).toEqual(secret);
  });

  it('of a chain that was begun anew is not taken for the one that is there now', async () => {
    await joining(open());
    const before = await open().resume(task);
    await memory(before).write('progress', secret);

    await anotherHistory();
    const found = await posted();
    expect(found).not.toEqual(before.origin);
    await expect(open().resume(task)).rejects.toMatchObject({
      code: 'state',
      message: expect.stringContaining(`(${before.origin.hash}) did: what ${folder} remembers`),
      mend: expect.stringContaining('If the chain was begun anew, join the task that is there now'),
      prospect: 'final',
    });
    // Nor does a role go on that was running.
    await expect(open().check(before, found)).rejects.toMatchObject({ code: 'state', prospect: 'final' });

    await joining(open());
    const now = await open().resume(task);
    expect(now.origin).toEqual(found);
    expect(await memory(now).read('progress')).toBeUndefined();
    // The secret of the first draw may be public by now.
    expect(entropyOf(owner, now).secret).not.toBe(entropyOf(owner, before).secret);
    await open().check(now, found);
  });

  it('is the same after a reorganisation that moved its post and kept what was joined', async () => {
    await joining(open());
    const before = await open().resume(task);
    await memory(before).write('progress', secret);
    const { entropy } = entropyOf(owner, before);

    await anotherHistory();
    // The transactions are mined again, the post in another block.
    const { terms, origin } = await ada.actions.posting(task);
    await ada.actions.bond(stake);
    await ada.actions.join(task, { role: 'trainer', weight: 1, stake, terms, proof: [], entropy });
    expect(origin).not.toEqual(before.origin);
    await open().check(before, origin);
    expect(await memory(await open().resume(task)).read('progress')).toEqual(secret);
  });

  it('is never forgotten for a chain that says so: an application on another post needs the account itself', async () => {
    await joining(open());
    const before = await open().resume(task);
    await anotherHistory();
    for (const entropy of [`0x${'ab'.repeat(32)}`, `0x${'00'.repeat(32)}`]) {
      const lying = Object.create(site.client, {
        readContract: {
          value: async (call: { functionName: string }) =>
            call.functionName === 'applicantOf'
              ? { role: 1, weight: 1, removed: false, revealed: false, entropy }
              : site.client.readContract(call as never),
        },
      });
      await expect(open(0, lying).resume(task)).rejects.toMatchObject({ code: 'state' });
    }
    expect(before.origin).not.toEqual(await posted());
  });

  it('by an older release, whose secret was of another kind, is told apart', async () => {
    const { terms } = await ada.actions.posting(task);
    await ada.actions.bond(stake);
    const entropy = `0x${'cd'.repeat(32)}` as const;
    await ada.actions.join(task, { role: 'trainer', weight: 1, stake, terms, proof: [], entropy });
    await expect(open().resume(task)).rejects.toMatchObject({
      code: 'state',
      mend: expect.stringContaining('Where an older release joined it, go on with that release'),
    });
  });
});

it('a post is not joined before it is deep enough to stay', async () => {
  await expect(joining(open(3))).rejects.toMatchObject({
    code: 'chain',
    message: expect.stringContaining('0 blocks lie above the one that posted it, but 3 are waited for'),
    prospect: 'passing',
  });
  expect((await ada.actions.stake()).bonded).toBe(0n);
  await site.rpc('anvil_mine', '0x3');
  expect(await joining(open(3))).toBe(true);
});

it('a task that was not joined has a place, and asks for one search alone', async () => {
  const place = await open().resume(task);
  const unable = Object.create(site.client, {
    getContractEvents: {
      value: async () => {
        throw new Error('a search');
      },
    },
  });
  expect(await open(0, unable).resume(task)).toEqual(place);
  await anotherHistory();
  await expect(open().resume(task)).rejects.toMatchObject({ code: 'state' });
});
