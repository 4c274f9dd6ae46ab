// Roles as services: a trainer with its peer and ring, a validator, a prover; each started, stopped and started again at will.
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { x25519 } from '@noble/curves/ed25519.js';
import { bytesToHex } from 'viem';
import type { AccountActions, TaskChain } from '../chain/index.ts';
import { topicOf } from '../chain/index.ts';
import type { SecretBox } from '../keystore/index.ts';
import {
  type AddressBook,
  createAddressBook,
  createPeer,
  type Peer,
  peerKey,
  peerLimits,
  type Signer,
  signRegistration,
} from '../peer/index.ts';
import { createRingService } from '../ring/index.ts';
import { type ContentStore, StoreError } from '../store/index.ts';
import { type LearnerContext, type RoleContext, same, step } from './context.ts';
import { peerBytes, peerOf } from './keying.ts';
import type { Startable } from './loop.ts';
import { SumProver } from './prover.ts';
import { createSumRing } from './ring.ts';
import { createRole, settleUp } from './role.ts';
import { Trainer, type TrainerParts } from './trainer.ts';
import { Validator, type ValidatorParts } from './validator.ts';

/** What a role's service needs besides its context. */
export interface ServiceSettings {
  actions: AccountActions;
  box: SecretBox;
  signer: Signer;
  /** The secret of the application, for the draw. */
  secret: `0x${string}`;
  /** Milliseconds between two looks at the chain. */
  interval: number;
  /** Seconds that this role waits after a deadline before it pushes the state machine on; 0: whenever it may. */
  patience: number;
  onOver?(): void;
}

/** Most bytes of a peer's registration. */
const maxRegistration = 8192;

/** A trainer: learns, sends, adds with the others, decrypts, proves. `listen` holds multiaddrs. */
export async function trainerService(
  parts: Omit<TrainerParts, 'ring' | 'peer'>,
  settings: ServiceSettings,
  listen: readonly string[],
): Promise<Startable> {
  const { chain, store, he, description } = parts;
  const { box, signer } = settings;
  const venue = { chainId: chain.chainId, contract: chain.rounds };
  const key = await peerKey(box.seed('peer'));
  const book = createAddressBook(venue, (account) => memberPeer(chain, account) !== undefined);
  const peer = createPeer({ key, directory: book, listen, limits: peerLimits() });
  const service = createRingService(peer);
  const ring = createSumRing({ service, signer, chain, store, he, chunks: description.compression.chunks });
  const trainer = new Trainer({ ...parts, peer: peer.id, ring });
  const directory = createPeerDirectory(parts, book, peer, venue, signer);
  const role = createRole({
    chain,
    interval: settings.interval,
    patience: settings.patience,
    ...(settings.onOver && { onOver: settings.onOver }),
    onError: faultOf(parts),
    duties: {
      draw: () => reveal(parts, settings),
      keying: (epoch) => trainer.keying(epoch, peerBytes(peer.id)),
      async round(entry, signal) {
        await directory.refresh();
        await trainer.round(entry, signal);
      },
      over: () => settleUp(settings.actions, chain.task),
    },
  });
  return {
    async start() {
      await peer.start();
      service.start();
      await role.start();
    },
    async stop() {
      const stopped = role.stop();
      await ring.stop();
      await stopped;
      await service.stop();
      await peer.stop();
    },
  };
}

/** A validator: probes and votes. */
export async function validatorService(
  parts: Omit<ValidatorParts, 'peer' | 'sealingKey'>,
  settings: ServiceSettings,
): Promise<Startable> {
  const { chain } = parts;
  const validator = new Validator({
    ...parts,
    peer: peerBytes(peerIdFromPrivateKey(await peerKey(settings.box.seed('peer'))).toString()),
    sealingKey: bytesToHex(x25519.getPublicKey(settings.box.seed('sealing'))),
  });
  return createRole({
    chain,
    interval: settings.interval,
    patience: settings.patience,
    ...(settings.onOver && { onOver: settings.onOver }),
    onError: faultOf(parts),
    duties: {
      draw: () => reveal(parts, settings),
      keying: (epoch) => validator.keying(epoch),
      round: (entry, signal) => validator.round(entry, signal),
      over: () => settleUp(settings.actions, chain.task),
    },
  });
}

/** A prover: opens and proves the sums. It needs free stake, and no seat. */
export function proverService(
  context: RoleContext,
  settings: Omit<ServiceSettings, 'box' | 'signer' | 'secret'>,
  chunks: number,
): Startable {
  const prover = new SumProver(context, chunks);
  return createRole({
    chain: context.chain,
    interval: settings.interval,
    patience: settings.patience,
    ...(settings.onOver && { onOver: settings.onOver }),
    onError: faultOf(context),
    duties: {
      round: (entry, signal) => prover.round(entry, signal),
      over: async () => {
        await settings.actions.claim();
        return true;
      },
    },
  });
}

const faultOf = (context: RoleContext) => (error: unknown) => {
  // Content that its author has not put there yet is waited for, until the phase's deadline.
  if (error instanceof StoreError && error.reason === 'missing') return;
  context.observe({ type: 'fault', account: context.chain.account, role: context.name, error });
};

async function reveal(context: LearnerContext, { secret }: ServiceSettings): Promise<void> {
  const { chain } = context;
  if (chain.journal.revealed.has(chain.account)) return;
  step(context, 'reveals its secret for the draw');
  await chain.revealSecret(secret);
}

/** The peer id that a member registered for the task's key. */
function memberPeer(chain: TaskChain, account: `0x${string}`): string | undefined {
  for (const epoch of chain.journal.epochs.values())
    for (const [member, keys] of epoch.keys) if (same(member, account)) return peerOf(keys.peer);
  return undefined;
}

/** Keeps the address book: announces where this peer listens, learns where the others do. */
function createPeerDirectory(
  context: RoleContext,
  book: AddressBook,
  peer: Peer,
  venue: { chainId: number; contract: `0x${string}` },
  signer: Signer,
) {
  const { chain, store } = context;
  const topic = topicOf('peer', 0);
  let announced: string | undefined;
  let read = 0;
  return {
    async refresh() {
      const addresses = peer.addresses().join();
      if (announced !== addresses) {
        const registration = await signRegistration(
          venue,
          signer,
          peer.key,
          peer.addresses().map(withoutPeer),
        );
        await book.add(registration);
        const bytes = new TextEncoder().encode(JSON.stringify(registration));
        await chain.post('peer', 0, await store.put(bytes));
        announced = addresses;
      }
      const { posts } = chain.journal;
      for (; read < posts.length; read++) {
        const post = posts[read]!;
        if (post.topic !== topic || same(post.sender, chain.account)) continue;
        try {
          await book.add(await readRegistration(store, post.digest, memberPeer(chain, post.sender)));
        } catch (error) {
          step(
            context,
            `passes over the address of ${post.sender}: ${error instanceof Error ? error.message : error}`,
          );
        }
      }
    },
  };
}

/** @throws unless it is of the peer that the account registered on chain. */
async function readRegistration(
  store: ContentStore,
  digest: `0x${string}`,
  expected: string | undefined,
): Promise<unknown> {
  const registration = JSON.parse(
    new TextDecoder().decode(await store.get(digest, { maxBytes: maxRegistration })),
  );
  if (expected === undefined || registration?.peer !== expected)
    throw new Error(`the registration is of peer ${registration?.peer}, on chain is ${expected}`);
  return registration;
}

const withoutPeer = (address: string): string => address.replace(/\/p2p\/[^/]+$/, '');
