// Roles as services: a trainer with its peer and ring, a validator, a prover; each started, stopped and
// started again at will.
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { publicKeyOf } from '@murmuration/core/x25519';
import { bytesToHex, type Hex } from 'viem';
import { type AccountActions, departureReason, type Origin } from '../chain/index.ts';
import type { SecretBox } from '../keystore/index.ts';
import { bucket, peerKey, type Reachability } from '../peer/index.ts';
import { type Signer, wholeTokens } from '../protocol/index.ts';
import { createRingService, type RingService } from '../ring/index.ts';
import { recordedPeer, requestLimits, type SiteLog } from '../site/index.ts';
import { createPeerDirectory, memberPeer, toldOf } from './directory.ts';
import { createDisputes } from './dispute/disputes.ts';
import { peerBytes } from './key/keying.ts';
import { createPeerPlace, type PeerPlace } from './peer_place.ts';
import { SumProver } from './prover.ts';
import { createSumRing } from './round/sum_ring.ts';
import { type LearnerContext, type RoleContext, step } from './runtime/context.ts';
import { type LoopSettings, outageOf, type Startable } from './runtime/loop.ts';
import { ownRound } from './runtime/own_round.ts';
import { tellRefusal } from './runtime/recorded.ts';
import { createRole, type Duties } from './runtime/role.ts';
import { settleUp } from './runtime/seat.ts';
import { waitsForContent } from './runtime/waits.ts';
import { Trainer, type TrainerParts } from './trainer.ts';
import { Validator, type ValidatorParts } from './validator.ts';

/** What every role's service needs besides its context. */
export interface Pace {
  readonly actions: AccountActions;
  /** Milliseconds between two looks at the chain. */
  readonly interval: number;
  /**
   * Seconds that this role waits after a deadline before it pushes the state machine on; 0: as soon as it
   * may.
   */
  readonly patience: number;
  /** Whether the role goes on after the task until its stake is free, or ends with the task. */
  readonly untilReleased: boolean;
  /** Hears that the chain does not answer, while the role waits for it. */
  readonly silence?: LoopSettings['silence'];
  onOver?(): void;
  /** Hears what ends the role before its task is over. Without it, the role goes on trying. */
  onFinal?(error: unknown): void;
}

/** What a member's service needs: a member has a seat, a peer and a share in the draw. */
export interface ServiceSettings extends Pace {
  readonly secretBox: SecretBox;
  readonly signer: Signer;
  /** The secret of the application, for the draw. */
  readonly secret: Hex;
  /** Checks that the task is still the one that this account joined; see `Places.check`. */
  checkTask(found: Origin): Promise<void>;
  /** What leaves in the member's name. */
  readonly log: SiteLog;
}

/** How a trainer meets the others. */
export interface Meeting {
  readonly reachability: Reachability;
  /** Its peer, where contents need it, too; one of its own unless given. */
  readonly place?: PeerPlace | undefined;
  /** The rings as it takes part in them; as they are unless given. */
  readonly rings?: (own: RingService) => RingService;
}

/** A trainer: learns, sends, adds with the others, decrypts, proves. */
export async function trainerService(
  parts: Omit<TrainerParts, 'ring' | 'peer'>,
  settings: ServiceSettings,
  { reachability, place, rings = (own) => own }: Meeting,
): Promise<Startable> {
  const { chain, store, he, description } = parts;
  const { secretBox, signer, log } = settings;
  const { book, domain, ...own } =
    place ??
    (await createPeerPlace({
      chain,
      secretBox,
      signer,
      reachability,
      guests: false,
      mayJoin: (account, id) => memberPeer(chain, account) === id,
      onNews: (news) => step(parts, toldOf(news)),
      log,
    }));
  const { perSecond, burst } = requestLimits;
  const peer = recordedPeer(log, own.peer, () => bucket(perSecond, burst));
  const service = rings(createRingService(peer));
  const ring = createSumRing({
    service,
    signer,
    chain,
    store,
    he,
    chunks: description.compression.chunks,
    tell: (text) => step(parts, text),
  });
  const disputes = disputesOf(parts, settings);
  const trainer = new Trainer({ ...parts, suspect: disputes.suspect, peer: peer.id, ring });
  const directory = createPeerDirectory(parts, { book, peer, domain, signer });
  const role = roleOf(parts, settings, {
    draw: () => reveal(parts, settings),
    keying: (epoch) => trainer.keying(epoch, peerBytes(peer.id)),
    async round(entry, signal) {
      await directory.refresh();
      await trainer.round(entry, signal);
    },
    over: async () => (await settleUp(settings.actions, chain.task)) || !settings.untilReleased,
  });
  return {
    async start() {
      // A peer that contents need is started and stopped with their store.
      if (!place) await peer.start();
      service.start();
      await disputes.start();
      await role.start();
    },
    async stop() {
      const stopped = Promise.all([role.stop(), disputes.stop()]);
      await ring.stop();
      await stopped;
      await service.stop();
      if (!place) await peer.stop();
    },
  };
}

/** A validator: probes and votes. */
export async function validatorService(
  parts: Omit<ValidatorParts, 'peer' | 'sealingKey'>,
  settings: ServiceSettings,
): Promise<Startable> {
  const { chain } = parts;
  const disputes = disputesOf(parts, settings);
  const validator = new Validator({
    ...parts,
    suspect: disputes.suspect,
    peer: peerBytes(peerIdFromPrivateKey(await peerKey(settings.secretBox.seed('peer'))).toString()),
    sealingKey: bytesToHex(publicKeyOf(settings.secretBox.seed('sealing'))),
  });
  const role = roleOf(parts, settings, {
    draw: () => reveal(parts, settings),
    keying: (epoch) => validator.keying(epoch),
    round: (entry, signal) => validator.round(entry, signal),
    over: async () => (await settleUp(settings.actions, chain.task)) || !settings.untilReleased,
  });
  return {
    async start() {
      await disputes.start();
      await role.start();
    },
    async stop() {
      await Promise.all([role.stop(), disputes.stop()]);
    },
  };
}

/** A prover: opens and proves the sums. It needs free stake, and no seat. */
export function proverService(context: RoleContext, settings: Pace, chunks: number): Startable {
  const prover = new SumProver(context, chunks);
  return roleOf(context, settings, {
    round: (entry, signal) => prover.round(entry, signal),
    over: async () => {
      await settings.actions.claim();
      return true;
    },
  });
}

/** The service of a role that has these duties. */
const roleOf = (
  context: RoleContext,
  {
    interval,
    patience,
    silence,
    onOver,
    onFinal,
    checkTask,
  }: Pick<Pace, 'interval' | 'patience' | 'silence' | 'onOver' | 'onFinal'> &
    Partial<Pick<ServiceSettings, 'checkTask'>>,
  duties: Duties,
): Startable =>
  createRole({
    chain: context.chain,
    interval,
    patience,
    ...(silence && { silence }),
    ...(onOver && { onOver }),
    ...(onFinal && { onFinal }),
    ...(checkTask && { checkTask }),
    onError: faultOf(context),
    onDeparture(departure) {
      const { account, slashed } = departure;
      const cost = slashed > 0n ? `, and lost ${wholeTokens(slashed)} of its stake` : '';
      step(context, `${account} ${departureReason(departure)}${cost}`);
    },
    onClosed(round) {
      for (const line of ownRound(round, context.chain.account)) step(context, line);
    },
    onBack: (outage) => step(context, `has its ${outage} again`),
    duties,
  });

/** A member's part in disputes, beside its other duties. */
function disputesOf(context: LearnerContext, { signer, interval }: ServiceSettings) {
  const fault = faultOf(context);
  return createDisputes(context, {
    signer,
    chunks: context.description.compression.chunks,
    interval: Math.max(interval, leastPause),
    // What is away, the role's other duties miss and tell as well.
    onError(error) {
      if (!outageOf(error)) fault(error);
    },
  });
}

/** Milliseconds between two looks at disputes, at least: nothing about them is urgent. */
const leastPause = 500;

/** Reports a failed step, unless it waits for content that its author has not put into the store yet. */
const faultOf = (context: RoleContext) => (error: unknown) => {
  if (waitsForContent(error)) return;
  tellRefusal(context, error);
  context.observe({ type: 'fault', account: context.chain.account, role: context.name, error });
};

async function reveal(context: LearnerContext, { secret }: ServiceSettings): Promise<void> {
  const { chain } = context;
  if (chain.journal.revealed.has(chain.account)) return;
  step(context, 'reveals its secret for the draw');
  await chain.revealSecret(secret);
}
