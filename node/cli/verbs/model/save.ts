// `model save`: what the planner paid for, computed again from what is public.
import { createHe } from '@murmuration/he';
import { readTask } from '../../../chain/index.ts';
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
  const store = await openStore(settings, deployment, posted);
  const { description, layout } = await loadTask(store, posted);
  try {
    const he = await createHe(description.preset);
    const context = { name: 'planner', chain, store, he, observe: () => undefined, description, layout };
    const lineage = await traceModel(context, posted.parameters.model);
    const started = posted.status === 'running' || posted.status === 'ended';
    const statistics = started ? await runningStatistics(context) : {};
    const origin = {
      chainId: deployment.chainId,
      marketplace: deployment.marketplace,
      task: task.toString(),
      description: posted.parameters.metadata,
      trainers: posted.trainers.length,
      validators: posted.validators.length,
    };
    const told = await writeModelFile(out, { origin, description, statistics, lineage, layout });
    const steps = lineage.steps.filter(({ outcome }) => outcome === 'accepted');
    const [rounds, accepted, quality] = [lineage.steps.length, steps.length, steps.at(-1)?.quality];
    const { digest } = lineage;
    const { status } = posted;
    const which =
      accepted === 0
        ? 'the first model, no round is accepted yet'
        : `the model after ${accepted} accepted of ${rounds} rounds, each computed again`;
    const judged =
      quality === undefined ? '' : `; the validators saw an accuracy of ${percent(quality / 10_000)}`;
    print(
      settings.json,
      { task, status, out, digest, rounds, accepted, quality },
      `${told}: ${which}\ntask ${task} is ${status}; digest ${digest}${judged}`,
    );
  } finally {
    await store.stop();
  }
}
