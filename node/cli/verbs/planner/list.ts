// `planner list`: every task of the deployment.
import { countTasks, type PostedTask, readTask } from '../../../chain/index.ts';
import type { ChainSettings } from '../../command/flags.ts';
import { openDeployment, openReader } from '../../open/deployment.ts';
import { print } from '../../output/format.ts';
import { presetName } from './preset_name.ts';

/** `planner list`. */
export async function list(settings: ChainSettings): Promise<void> {
  const deployment = await openDeployment(settings);
  const client = await openReader(settings, deployment);
  const tasks: PostedTask[] = [];
  for (let task = 1n; task <= (await countTasks(client, deployment)); task++)
    tasks.push(await readTask(client, deployment, task));
  const rows = tasks.map(summary);
  const text = rows.map(
    (row) =>
      `${String(row.task).padStart(5)}  ${row.status.padEnd(10)} ${row.preset.padEnd(6)} ${String(row.rounds).padStart(5)} rounds  ${row.trainers.length} trainers, ${row.validators.length} validators  ${row.planner}`,
  );
  print(settings.json, rows, text.join('\n') || 'no task');
}

const summary = ({ task, status, planner, parameters, trainers, validators }: PostedTask) => ({
  task,
  status,
  planner,
  preset: presetName(parameters.preset),
  rounds: parameters.rounds,
  trainers,
  validators,
});
