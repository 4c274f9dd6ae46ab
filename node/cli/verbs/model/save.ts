// `model save`: what the planner paid for, computed again from what is public.
import type { ChainSettings } from '../../command/flags.ts';
import { writeModelFile } from '../../files/model_file.ts';
import { takeModel } from '../../model/take.ts';
import { openDeployment } from '../../open/deployment.ts';
import { percent, print } from '../../output/format.ts';

/** `model save`. */
export async function save(
  settings: ChainSettings & { readonly task: bigint; readonly out: string },
): Promise<void> {
  const { task, out } = settings;
  const deployment = await openDeployment(settings);
  const { parts, status } = await takeModel({ deployment, settings }, task);
  const { lineage } = parts;
  const told = await writeModelFile(out, parts);
  const steps = lineage.steps.filter(({ outcome }) => outcome === 'accepted');
  const [rounds, accepted, quality] = [lineage.steps.length, steps.length, steps.at(-1)?.quality];
  const { digest } = lineage;
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
}
