// The flags of hosting.
import { flag, needed, output, saying, withDefault, withShown } from '../../command/flag.ts';
import * as flags from '../../command/flags.ts';
import { data, oneOf, path, text, whole } from '../../command/rules.ts';
import { joinFlags, runFlags } from '../../member/flags.ts';

const { accountFlags, home, json } = flags;

export const identityFlags = accountFlags;
export const packFlags = {
  host: needed(flag('FILE', 'what `host identity` printed at the host', path)),
  fingerprint: flag(
    'TEXT',
    "the host's fingerprint, as it told it by another way; spaces do not count",
    text(80),
  ),
  task: flags.task,
  data: needed(flag('DATA', 'csv:FILE or parquet:FILE', data)),
  ...flags.readingFlags,
  role: withDefault(
    flag('NAME', 'what it is for: trainer or validator', oneOf('trainer', 'validator')),
    'trainer',
  ),
  stake: saying(flags.stake, 'that the host pledges of yours'),
  valid: withDefault(
    flag('SECONDS', 'how long the mandate is good', whole(60, 31_536_000)),
    7_776_000,
    '90 days',
  ),
  out: output(withShown(flag('FILE', 'where the package goes', path), 'the content store')),
  ...accountFlags,
  account: saying(flags.account, 'the owner, if the keystore has several'),
} as const;
export const hostRunFlags = {
  package: needed(flag('WHAT', 'the digest that `host pack` printed, or file:FILE', text(4096))),
  task: flag('N', 'the task that is expected; another one is refused', flags.task.rule),
  listen: flags.listen,
  announce: flags.announce,
  relay: flags.relay,
  ...flags.programFlags,
  acceptRisks: flags.acceptRisks,
  members: joinFlags.members,
  weight: joinFlags.weight,
  proof: joinFlags.proof,
  ...runFlags,
} as const;
export const statusFlags = { home, json } as const;
export const receiptFlags = {
  receipt: needed(flag('FILE', 'what the host sent', path)),
  deployment: flags.deployment,
  home,
  json,
} as const;
