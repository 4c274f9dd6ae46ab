// The flags of what an owner does.
import { flag, needed, saying, toggle, withDefault } from '../../command/flag.ts';
import * as flags from '../../command/flags.ts';
import { address, amount, path, taskNumber, whole } from '../../command/rules.ts';

const { accountFlags, cache, lookingFlags } = flags;

const operator = flag('ADDRESS', 'the account that acts', address);
const stake = flag('TOKENS', 'how much', amount);

/** Of whatever an owner does. */
const ownerFlags = {
  calldata: toggle('print the transactions for a wallet that is elsewhere; sign and send nothing'),
  ...accountFlags,
  account: saying(flags.account, 'the owner, if the keystore has several'),
} as const;
/** Of what gets money out. */
const outFlags = {
  operator: saying(operator, 'one account alone; without it, all of the owner'),
  ...ownerFlags,
};
const task = flag('N', 'the task that it may be pledged to', taskNumber);
const cautious = { acceptRisks: flags.acceptRisks, cache } as const;

export const adoptFlags = {
  consent: needed(flag('FILE', 'what `consent` printed', path)),
  stake: saying(stake, 'bonded at once'),
  task,
  ...cautious,
  ...ownerFlags,
} as const;
export const bondFlags = {
  operator: needed(operator),
  stake: needed(stake),
  task,
  ...cautious,
  ...ownerFlags,
} as const;
export const mandateFlags = {
  operator: needed(operator),
  task: needed(task),
  stake: needed(saying(stake, 'that it may pledge, at most; 0 takes it back')),
  ...cautious,
  ...ownerFlags,
} as const;
export const queueFlags = { stake: saying(stake, 'without it, all that is free'), ...outFlags } as const;
export const payFlags = outFlags;
export const showFlags = {
  ...lookingFlags,
  account: saying(flags.account, 'the owner, if the keystore has several'),
} as const;
export const consentFlags = {
  owner: needed(flag('ADDRESS', 'who shall own it', address)),
  operator: saying(operator, 'the account, if the one that signs owns it and hands it on'),
  valid: withDefault(flag('SECONDS', 'how long the consent is good', whole(1, 31_536_000)), 86_400),
  ...accountFlags,
} as const;
