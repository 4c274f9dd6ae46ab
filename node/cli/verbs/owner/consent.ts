// `owner consent`: an account's word that another shall own it; and how the owner reads it.
import type { Hex } from 'viem';
import { z } from 'zod';
import { type Consent, readOwner, signConsent } from '../../../chain/index.ts';
import { NodeError } from '../../../errors.ts';
import { accountSchema } from '../../../protocol/index.ts';
import type { Settings } from '../../command/flag.ts';
import { readJson } from '../../files/read.ts';
import { unlock } from '../../open/account.ts';
import { openDeployment, openReader } from '../../open/deployment.ts';
import { describeIssues } from '../../output/fault.ts';
import { moment, toJson } from '../../output/format.ts';
import type { consentFlags } from './flags.ts';

/** Longest signature of a wallet that is a contract, in hexadecimal digits. */
const longest = 16_384;

const consentSchema = z.object({
  account: accountSchema,
  owner: accountSchema,
  deadline: z
    .string()
    .regex(/^\d{1,20}$/, 'seconds of the chain')
    .transform(BigInt),
  signature: z
    .string()
    .max(longest)
    .regex(/^0x([0-9a-fA-F]{2})*$/, '0x and hexadecimal digits')
    .transform((value) => value as Hex),
});

/** Prints the consent, as JSON whether that is asked for or not. */
export async function consent(settings: Settings<typeof consentFlags>): Promise<void> {
  const deployment = await openDeployment(settings);
  const client = await openReader(settings, deployment);
  const { account: signer } = await unlock(settings);
  const account = settings.operator ?? signer.address;
  const present = await readOwner(client, deployment, account);
  if (present !== signer.address)
    throw new NodeError('input', `${account} is owned by ${present}, but ${signer.address} would sign`, {
      mend: 'Its owner alone hands it on, with --operator.',
    });
  const { owner } = settings;
  const given = await signConsent(
    { client, deployment, signer },
    { account, owner, valid: BigInt(settings.valid) },
  );
  if (!settings.json)
    console.error(
      `good until ${moment(given.deadline)}, for ${owner} alone, who gets stake and earnings of ${account}: ` +
        '`murmur owner adopt`',
    );
  console.log(toJson(given));
}

/** A file of `owner consent`. @throws NodeError `input` where it is none. */
export async function readConsent(file: string): Promise<Consent> {
  const parsed = consentSchema.safeParse(await readJson(file));
  if (parsed.success) return parsed.data;
  throw new NodeError('input', `${file}: ${describeIssues(parsed.error)}`, {
    mend: 'It must be what `murmur owner consent` printed.',
  });
}
