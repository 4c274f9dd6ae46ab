// An epoch of the collective key: registrations, dealings, votes against, confirmations (`KeyRegistry.sol`).
import type { KeyRegistration } from '@murmuration/contracts';
import { type Address, type Hex, hashTypedData, zeroHash } from 'viem';
import { keyRegistrationData, type SigningDomain, signerOf } from '../../protocol/index.ts';
import type { Applicant } from './book.ts';
import { type Play, Unknowable } from './play.ts';
import { pledgeOf } from './seats.ts';
import { enterStage } from './stages.ts';

/** Into the next epoch. */
export function enterKeying(play: Play): void {
  const { book, task, terms } = play;
  const epoch = book.epoch + 1;
  const { trainers, validators } = book;
  play.emit('CommitteeSet', {
    task,
    epoch: BigInt(epoch),
    trainers: [...trainers],
    validators: [...validators],
  });
  enterStage(play, 'keying', terms.deadlines.keying, epoch);
}

/** `registerKeys`; anyone may bring the signed registration. @param domain of the key registry. */
export function registerKeys(
  play: Play,
  registration: KeyRegistration,
  { domain, signature }: { readonly domain: SigningDomain; readonly signature: Hex },
): void {
  const { account, peer, sealingKey, keyShare } = registration;
  const { role, registeredIn } = keying(play, account, registration.epoch);
  play.need(registeredIn !== registration.epoch, `${account} had registered before`);
  play.need(
    (role === 'trainer') === (keyShare !== zeroHash),
    `${account}: a trainer alone names a key share`,
  );
  const signer = signerOf(hashTypedData(keyRegistrationData(domain, registration)), signature);
  // An account with code answers for its signatures itself, and only its chain can ask it.
  if (signer !== account)
    throw new Unknowable(
      `the registration of ${account} is not signed by its key; an account of code may be`,
    );
  const epoch = BigInt(registration.epoch);
  play.emit('KeysRegistered', { task: play.task, epoch, account, peer, sealingKey, keyShare });
}

/** `deal`. */
export function deal(play: Play, epoch: bigint, digest: Hex): void {
  const { dealtIn } = registered(play, play.sender, Number(epoch));
  play.need(dealtIn !== Number(epoch), `${play.sender} had dealt before`);
  play.emit('Dealt', { task: play.task, epoch, account: play.sender, digest });
}

/** `reject`. */
export function reject(play: Play, epoch: bigint, trainer: Address): void {
  const { role } = keying(play, play.sender, Number(epoch));
  play.need(role === 'validator', `${play.sender} is no validator`);
  const { rejectedBy } = registered(play, trainer, Number(epoch));
  const before = rejectedBy.some((vote) => vote.epoch === Number(epoch) && vote.validator === play.sender);
  play.need(!before, `${play.sender} had voted against ${trainer} before`);
  play.emit('Rejected', { task: play.task, epoch, trainer, validator: play.sender });
}

/** `confirmKey`. */
export function confirmKey(play: Play, epoch: bigint, collectiveKey: Hex): void {
  const { confirmed } = registered(play, play.sender, Number(epoch));
  play.need(
    collectiveKey !== zeroHash && confirmed === zeroHash,
    `${play.sender} had confirmed a key before`,
  );
  play.emit('KeyConfirmed', { task: play.task, epoch, account: play.sender, collectiveKey });
}

/**
 * The key that most trainers confirmed; of two with as many, the one that the earlier in the list confirmed.
 */
export function plurality({ book }: Play): { readonly key: Hex; readonly votes: number } {
  const confirmed = book.trainers.flatMap((account) => {
    const applicant = book.applicants.get(account)!;
    return applicant.registeredIn === book.epoch && applicant.confirmed !== zeroHash
      ? [applicant.confirmed]
      : [];
  });
  let [key, votes] = [zeroHash as Hex, 0];
  for (const each of confirmed) {
    const count = confirmed.filter((other) => other === each).length;
    if (count > votes) [key, votes] = [each, count];
  }
  return { key, votes };
}

/** Whether a member kept the epoch from giving a key. */
export function isAtFault(play: Play, account: Address): boolean {
  const { book } = play;
  const applicant = book.applicants.get(account)!;
  if (applicant.registeredIn !== book.epoch) return true;
  if (applicant.role !== 'trainer') return false;
  // Who was removed in this call has dealt all the same, and the list is the shorter one.
  const dealt = [...book.applicants.values()].filter(({ dealtIn }) => dealtIn === book.epoch).length;
  if (applicant.dealtIn !== book.epoch && 2 * dealt > book.trainers.length) return true;
  const voters = applicant.rejectedBy.filter(({ epoch }) => epoch === book.epoch);
  if (voters.length === 0) return false;
  let [behind, total] = [0n, 0n];
  for (const validator of book.validators) {
    const stake = pledgeOf(play, validator);
    total += stake;
    if (voters.some((vote) => vote.validator === validator)) behind += stake;
  }
  return 2n * behind > total;
}

/** An account that has a seat in the epoch that is being keyed. */
function keying({ book, moment, need }: Play, account: Address, epoch: number): Applicant {
  need(book.status === 'keying' && moment.time <= book.deadline, 'no key is being made');
  need(book.epoch === epoch, `the epoch is ${book.epoch}, not ${epoch}`);
  const applicant = book.applicants.get(account);
  need(applicant !== undefined && !applicant.removed, `${account} has no place in the task`);
  return applicant!;
}

/** A trainer that has registered in the epoch. */
function registered(play: Play, account: Address, epoch: number): Applicant {
  const applicant = keying(play, account, epoch);
  play.need(applicant.role === 'trainer', `${account} is no trainer`);
  play.need(applicant.registeredIn === epoch, `${account} has not registered`);
  return applicant;
}
