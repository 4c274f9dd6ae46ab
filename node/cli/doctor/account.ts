// The account: in the keystore, readable for its owner alone, with ether for gas.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { chooseAccount } from '../open/account.ts';
import { balancesOf } from '../open/money.ts';
import { ether, tokens } from '../output/format.ts';
import { bad, type Check, type Finding, ok } from './check.ts';

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
    const money = await balancesOf(client, deployment, chosen);
    const has = `${chosen} has ${ether(money.ether)} and ${tokens(money.tokens)} tokens`;
    return [
      ...shut,
      money.ether < fewWei ? bad(`${has}: its gas will not last`, `Send ether to ${chosen}.`) : ok(has),
    ];
  },
};
