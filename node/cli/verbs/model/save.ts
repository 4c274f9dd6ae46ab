// `model save`: what the planner paid for, computed again from what is public.
import { createHe } from '@murmuration/he';
import { readTask } from '../../../chain/index.ts';
import { startBackend } from '../../../learn/index.ts';
import { loadTask, runningStatistics, traceModel } from '../../../roles/index.ts';
import type { ChainSettings } from '../../command/flags.ts';
import { writeModelFile } from '../../files/model_file.ts';
import { openDeployment, openReader } from '../../open/deployment.ts';
import { openOnlooker } from '../../open/member.ts';
import { openStore } from '../../open/store.ts';
import { percent, print } from '../../output/format.ts';

/** `model save`. */
export async function save(
  settings: ChainSettings & { readonly task: bigint; readonly out: string },
): Promise<void> {
  const { task, out } = settings;
  const deployment = await openDeployment(settings);
  const posted = await readTask(await openReader(settings, deployment), deployment, task);
  const { chain } = await openOnlooker(settings, { deployment, task, seat: posted.planner });
  await chain.refresh();
  const store = await openStore(settings);
  await startBackend('wasm');
  const { description, network } = await loadTask(store, posted);
  try {
    const he = await createHe(description.preset);
    const context = { name: 'planner', chain, store, he, observe: () => undefined, description, network };
    const lineage = await traceModel(context, posted.parameters.model);
    const started = posted.status === 'running' || posted.status === 'ended';
    const statistics = started ? await runningStatistics(context) : {};
    const origin = {
      chainId: deployment.chainId,
      marketplace: deployment.marketplace,
      task: task.toString(),
    };
    await writeModelFile(out, { origin, description, statistics, lineage, network });
    const accepted = lineage.steps.filter(({ outcome }) => outcome === 'accepted').length;
    const quality = lineage.steps.findLast((step) => step.outcome === 'accepted')?.quality;
    const result = {
      task,
      status: posted.status,
      out,
      digest: lineage.digest,
      rounds: lineage.steps.length,
      accepted,
      quality,
    };
    print(
      settings.json,
      result,
      [
        `${out}: ${accepted === 0 ? 'the first model, no round is accepted yet' : `the model after ${accepted} accepted of ${lineage.steps.length} rounds, each computed again`}`,
        `task ${task} is ${posted.status}; digest ${lineage.digest}${quality === undefined ? '' : `; the validators saw an accuracy of ${percent(quality / 10_000)}`}`,
      ].join('\n'),
    );
  } finally {
    network.dispose();
    await store.stop();
  }
}
