// One ring member as a process of its own, for tests that kill, freeze or cut off a member. Talks JSON lines:
// writes its registration, reads { registrations, plan, ... }, writes every event, each signature it makes,
// and the result.
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import {
  createAddressBook,
  createPeer,
  peerKey,
  peerLimits,
  type Registration,
  signRegistration,
} from '../../../node/peer/index.ts';
import type { Signer } from '../../../node/protocol/index.ts';
import { createRingService } from '../../../node/ring/index.ts';
import { domain } from '../peer/fixture.ts';
import { planOf, quick, vectorOf } from './fixture.ts';

/**
 * What the test tells a member. `stopAt` is the number of its hop before which it stands still, to be killed
 * there.
 */
export interface Instructions {
  registrations: Registration[];
  accounts: `0x${string}`[];
  stopAt?: number;
}

const say = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`);

const account = privateKeyToAccount(generatePrivateKey());
const book = createAddressBook(domain, () => true);
const key = await peerKey(crypto.getRandomValues(new Uint8Array(32)));
const listen = [`/ip4/${process.argv[2] ?? '127.0.0.1'}/tcp/0`];
const peer = createPeer({ key, directory: book, listen, limits: peerLimits({ dialTimeout: 1000 }) });
await peer.start();
const rings = createRingService(peer);
rings.start();
say({ registration: await signRegistration(domain, { signer: account, key, addresses: peer.addresses() }) });

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const instructions = JSON.parse(String((await lines.next()).value)) as Instructions;
for (const registration of instructions.registrations) await book.add(registration);

let signed = 0;
const signer: Signer = {
  address: account.address,
  async signTypedData(message) {
    if (message.primaryType === 'Hop') {
      say({ hop: signed });
      if (signed === instructions.stopAt) await new Promise(() => {});
      signed += 1;
    }
    return account.signTypedData(message);
  },
};
const plan = planOf(instructions.accounts);
const session = rings.open({
  plan,
  signer,
  load: async (addend) => vectorOf(addend, plan.shape),
  timing: quick,
  onEvent: (event) => say({ event }),
});
const { sum, how, absent, attempts } = await session.result;
say({ result: { how, absent, attempts, digest: createHash('sha256').update(sum).digest('hex') } });
// Helps the others until it is told that all are done.
await lines.next();
await rings.stop();
await peer.stop();
process.stdin.destroy();
