// `owner consent`: an account's word that another shall own it.
import { readOwner, signConsent } from '../../../chain/index.ts';
import { NodeError } from '../../../errors.ts';
import type { Settings } from '../../command/flag.ts';
import { unlock } from '../../open/account.ts';
import { openDeployment, openReader } from '../../open/deployment.ts';
import { moment, toJson } from '../../output/format.ts';
import type { consentFlags } from './flags.ts';

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
