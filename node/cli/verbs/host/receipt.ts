// `host receipt`.
import { readReceipt } from '../../../hosting/index.ts';
import type { Settings } from '../../command/flag.ts';
import { readJson } from '../../files/read.ts';
import { domainOf } from '../../hosting/domain.ts';
import { openDeployment } from '../../open/deployment.ts';
import { moment, print } from '../../output/format.ts';
import type { receiptFlags } from './flags.ts';

export async function receipt(settings: Settings<typeof receiptFlags>): Promise<void> {
  const deployment = await openDeployment(settings);
  const read = readReceipt(await readJson(settings.receipt), domainOf(deployment));
  const { sealed, task, operator, outcome, erased } = read;
  const why = outcome === 'over' ? `task ${task} was over` : 'the mandate was over';
  print(
    settings.json,
    read,
    `${operator} signed that it erased its copy of ${sealed} on ${moment(erased)}, when ${why}; whether it kept another ` +
      'nobody can show',
  );
}
