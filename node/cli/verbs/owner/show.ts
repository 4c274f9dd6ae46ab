// `owner show`: what the accounts of an owner have.
import { readOperators, readStake } from '../../../chain/index.ts';
import type { AccountSettings } from '../../command/flags.ts';
import { chooseAccount } from '../../open/account.ts';
import { columns, print, tokens } from '../../output/format.ts';
import { openPlace } from './deliver.ts';

/** `owner show`. */
export async function show(settings: Omit<AccountSettings, 'passwordFile'>): Promise<void> {
  const { client, deployment } = await openPlace(settings);
  const owner = settings.account ?? (await chooseAccount(settings));
  const operators = await Promise.all(
    (await readOperators(client, deployment, owner)).map(async (operator) => {
      const { bonded, free, queued, pledged, credit } = await readStake(client, deployment, operator);
      return { operator, bonded, free, queued, pledged, credit };
    }),
  );
  const lines = operators.map(({ operator, ...amounts }) =>
    [
      operator,
      ...Object.entries(amounts).map(([name, amount]) => columns([` ${name}`, -9], [tokens(amount), 12])),
    ].join(''),
  );
  print(settings.json, { owner, operators }, lines.join('\n') || `${owner} owns no account but itself`);
}
