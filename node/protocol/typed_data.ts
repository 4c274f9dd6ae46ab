// What accounts sign off chain, message by message (docs/encodings.md, "Signatures"). Wallets and contracts
// rebuild the same hashes.
import type { Hex, TypedDataDefinition } from 'viem';
import {
  disputesDomain,
  keyRegistryDomain,
  modelsDomain,
  peerDomain,
  type SigningDomain,
  stakeVaultDomain,
} from './signing_domain.ts';

const registration = {
  Registration: [
    { name: 'account', type: 'address' },
    { name: 'peer', type: 'string' },
    { name: 'addresses', type: 'string[]' },
    { name: 'sequence', type: 'uint64' },
  ],
} as const;

const hop = {
  Hop: [
    { name: 'ring', type: 'bytes32' },
    { name: 'task', type: 'uint256' },
    { name: 'round', type: 'uint256' },
    { name: 'absent', type: 'uint256' },
    { name: 'segment', type: 'uint16' },
    { name: 'step', type: 'uint16' },
    { name: 'from', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'input', type: 'bytes32' },
    { name: 'payload', type: 'bytes32' },
  ],
} as const;

const absence = {
  Absence: [
    { name: 'ring', type: 'bytes32' },
    { name: 'accused', type: 'address' },
    { name: 'by', type: 'address' },
  ],
} as const;

const keyRegistration = {
  KeyRegistration: [
    { name: 'task', type: 'uint256' },
    { name: 'epoch', type: 'uint32' },
    { name: 'account', type: 'address' },
    { name: 'peer', type: 'bytes' },
    { name: 'sealingKey', type: 'bytes32' },
    { name: 'keyShare', type: 'bytes32' },
  ],
} as const;

const accusation = {
  Accusation: [
    { name: 'task', type: 'uint256' },
    { name: 'round', type: 'uint256' },
    { name: 'culprit', type: 'address' },
    { name: 'fault', type: 'uint8' },
    { name: 'evidence', type: 'bytes32' },
    { name: 'reporter', type: 'address' },
  ],
} as const;

const appeal = { Appeal: [{ name: 'dispute', type: 'bytes32' }] } as const;

const consent = {
  Consent: [
    { name: 'account', type: 'address' },
    { name: 'owner', type: 'address' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const;

const scoreModel = {
  ScoreModel: [
    { name: 'digest', type: 'uint256' },
    { name: 'task', type: 'uint256' },
    { name: 'source', type: 'bytes32' },
    { name: 'content', type: 'bytes32' },
    { name: 'schema', type: 'uint256' },
    { name: 'shape', type: 'uint8' },
  ],
} as const;

type RegistrationMessage = TypedDataDefinition<typeof registration, 'Registration'>['message'];
type AbsenceMessage = TypedDataDefinition<typeof absence, 'Absence'>['message'];
type ConsentMessage = TypedDataDefinition<typeof consent, 'Consent'>['message'];
type KeyRegistrationMessage = TypedDataDefinition<typeof keyRegistration, 'KeyRegistration'>['message'];

/** One hop of the ring: what its sender received and what it sends on, both as SHA-256. */
export type HopMessage = TypedDataDefinition<typeof hop, 'Hop'>['message'];

/** What validators sign against a member, as `Disputes.file` takes it; `fault` is the number of a kind of evidence. */
export type Accusation = TypedDataDefinition<typeof accusation, 'Accusation'>['message'];

/** A model in integers, as `Models.accept` takes it; `shape` is the number of its circuit. */
export type ScoreModelMessage = TypedDataDefinition<typeof scoreModel, 'ScoreModel'>['message'];

/** An account's word that a libp2p peer is its own, and where the peer listens. */
export const registrationData = (domain: SigningDomain, message: RegistrationMessage) =>
  ({ domain: peerDomain(domain), types: registration, primaryType: 'Registration', message }) as const;

/** A member's word for one hop of the ring. */
export const hopData = (domain: SigningDomain, message: HopMessage) =>
  ({ domain: peerDomain(domain), types: hop, primaryType: 'Hop', message }) as const;

/** A member's word that another member of the ring is gone. */
export const absenceData = (domain: SigningDomain, message: AbsenceMessage) =>
  ({ domain: peerDomain(domain), types: absence, primaryType: 'Absence', message }) as const;

/**
 * A member's keys for one key generation, as `KeyRegistry.registerKeys` takes them. `domain.contract` is the
 * `KeyRegistry`.
 */
export const keyRegistrationData = (domain: SigningDomain, message: KeyRegistrationMessage) =>
  ({
    domain: keyRegistryDomain(domain),
    types: keyRegistration,
    primaryType: 'KeyRegistration',
    message,
  }) as const;

/** A validator's word against a member. `domain.contract` is `Disputes`. */
export const accusationData = (domain: SigningDomain, message: Accusation) =>
  ({ domain: disputesDomain(domain), types: accusation, primaryType: 'Accusation', message }) as const;

/**
 * The word of who owns an account that another is to own it, as `StakeVault.adopt` takes it. `domain.contract` is the
 * `StakeVault`.
 */
export const consentData = (domain: SigningDomain, message: ConsentMessage) =>
  ({ domain: stakeVaultDomain(domain), types: consent, primaryType: 'Consent', message }) as const;

/** A validator's word that a dispute is to be overturned. `domain.contract` is `Disputes`. */
export const appealData = (domain: SigningDomain, dispute: Hex) =>
  ({ domain: disputesDomain(domain), types: appeal, primaryType: 'Appeal', message: { dispute } }) as const;

/** A validator's word that a model in integers is its task's final one. `domain.contract` is `Models`. */
export const scoreModelData = (domain: SigningDomain, message: ScoreModelMessage) =>
  ({ domain: modelsDomain(domain), types: scoreModel, primaryType: 'ScoreModel', message }) as const;
