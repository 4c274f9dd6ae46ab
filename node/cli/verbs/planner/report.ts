// `planner report`: what came of a task, as a page and as JSON.
import { type Deployment, stakeVaultAbi } from '@murmuration/contracts';
import { type Address, type PublicClient, parseEventLogs } from 'viem';
import { readLogs, readPosting, readTask } from '../../../chain/index.ts';
import { storyOf, writeReport } from '../../../report/index.ts';
import { loadTask } from '../../../roles/index.ts';
import type { ChainSettings } from '../../command/flags.ts';
import { readMembersFile } from '../../files/members.ts';
import { openDeployment, openReader } from '../../open/deployment.ts';
import { openOnlooker } from '../../open/member.ts';
import { openStore } from '../../open/store.ts';
import { print } from '../../output/format.ts';
import { taskReport } from './task_report.ts';

/** `planner report`. */
export async function report(
  settings: ChainSettings & { readonly task: bigint; readonly members?: string; readonly out: string },
): Promise<void> {
  const { task, out, json } = settings;
  const members = settings.members ? await readMembersFile(settings.members) : undefined;
  const deployment = await openDeployment(settings);
  const client = await openReader(settings, deployment);
  const posted = await readTask(client, deployment, task);
  const store = await openStore(settings, deployment, posted);
  const { description, layout } = await loadTask(store, posted).finally(() => store.stop());
  const { chain } = await openOnlooker(settings, { deployment, task, seat: posted.planner });
  await chain.refresh();
  const made = taskReport({
    posted,
    journal: chain.journal,
    description,
    layout,
    pledged: await readPledges(client, deployment, task),
    members,
    created: new Date().toISOString(),
  });
  const paths = await writeReport(made, out);
  const text = `${storyOf(made)}\n\nreport  ${paths.html}\n        ${paths.json}`;
  print(json, { ...made, files: paths }, text);
}

/** What every account pledged to a task, by the vault's own log. */
async function readPledges(
  client: PublicClient,
  deployment: Deployment,
  task: bigint,
): Promise<Map<Address, bigint>> {
  const { origin } = await readPosting(client, deployment, task);
  const { logs } = await readLogs(client, origin.block, (blocks) =>
    client.getLogs({ address: deployment.vault, ...blocks }),
  );
  const pledged = new Map<Address, bigint>();
  for (const { args } of parseEventLogs({ abi: stakeVaultAbi, logs, eventName: 'Pledged', args: { task } }))
    pledged.set(args.account, (pledged.get(args.account) ?? 0n) + args.amount);
  return pledged;
}
