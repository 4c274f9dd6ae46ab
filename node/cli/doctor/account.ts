// The account: in the keystore, which nobody else can read, with ether for gas; and whether its key can take its money.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readOwner } from '../../chain/index.ts';
import { chooseAccount } from '../open/account.ts';
import { balancesOf } from '../open/money.ts';
import { ether, tokens } from '../output/format.ts';
import { bad, type Check, type Finding, note, ok } from './check.ts';

/** Wei below which an account will soon be unable to act: some submissions at usual prices. */
const fewWei = 10n ** 16n;

export const account: Check = {
  name: 'account',
  of: ['member'],
  async look(practice) {
    const { settings } = practice;
    const chosen = await chooseAccount(settings);
    const shut: Finding[] = [];
    for (const name of await readdir(settings.keystore)) {
      const file = join(settings.keystore, name);
      const { mode } = await stat(file);
      if ((mode & 0o077) !== 0)
        shut.push(bad(`${file} can be read by others than its owner`, `chmod go= ${file}`));
    }
    const [client, deployment] = [await practice.client(), await practice.deployment()];
    const [money, owner] = await Promise.all([
      balancesOf(client, deployment, chosen),
      readOwner(client, deployment, chosen),
    ]);
    const has = `${chosen} has ${ether(money.ether)} and ${tokens(money.tokens)} tokens`;
    return [
      ...shut,
      owner === chosen
        ? note(
            `${chosen} is its own owner: who takes its key takes stake and earnings; \`murmur owner\` parts them`,
          )
        : ok(`stake and earnings of ${chosen} are its owner's, ${owner}`),
      money.ether < fewWei ? bad(`${has}: its gas will not last`, `Send ether to ${chosen}.`) : ok(has),
    ];
  },
};
