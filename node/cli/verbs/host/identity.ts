// `host identity`.
import { fingerprint, makeIdentity } from '../../../hosting/index.ts';
import type { Settings } from '../../command/flag.ts';
import { domainOf } from '../../hosting/domain.ts';
import { unlock } from '../../open/account.ts';
import { openDeployment } from '../../open/deployment.ts';
import { toJson } from '../../output/format.ts';
import type { identityFlags } from './flags.ts';

/** Prints the identity, as JSON whether that is asked for or not. */
export async function identity(settings: Settings<typeof identityFlags>): Promise<void> {
  const deployment = await openDeployment(settings);
  const made = await makeIdentity(await unlock(settings), domainOf(deployment));
  if (!settings.json) console.error(`fingerprint ${fingerprint(made)}`);
  console.log(toJson(made));
}
