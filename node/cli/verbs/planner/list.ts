// `planner list`: every task of the deployment.
import { countTasks, type PostedTask, readTask } from '../../../chain/index.ts';
import type { ChainSettings } from '../../command/flags.ts';
import { openDeployment, openReader } from '../../open/deployment.ts';
import { presetName } from '../../open/preset_name.ts';
import { print } from '../../output/format.ts';

/** `planner list`. */
export async function list(settings: ChainSettings): Promise<void> {
  const deployment = await openDeployment(settings);
  const client = await openReader(settings, deployment);
  const tasks: PostedTask[] = [];
  for (let task = 1n; task <= (await countTasks(client, deployment)); task++)
    tasks.push(await readTask(client, deployment, task));
  const rows = tasks.map(summary);
  print(settings.json, rows, rows.map(line).join('\n') || 'no task');
}

/** A task on one line. */
function line({ task, status, preset, rounds, trainers, validators, planner }: ReturnType<typeof summary>) {
  const what = `${String(task).padStart(5)}  ${status.padEnd(10)} ${preset.padEnd(6)}`;
  const seats = `${trainers.length} trainers, ${validators.length} validators`;
  return `${what} ${String(rounds).padStart(5)} rounds  ${seats}  ${planner}`;
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
