// A task that a host's machine trains in: what is given to it, or how that stands.
import type { Task } from '../../api/task.ts';
import { hosted } from '../hosted.ts';
import { GiveForm } from '../parts/give_form.tsx';
import { HostWarning } from '../parts/host_warning.tsx';
import { HostedStatus } from '../parts/hosted_status.tsx';
import { matchOf, place } from '../state.ts';

export function HostView({ task }: { readonly task: Task }) {
  const of = hosted.value.find((each) => each.task === task.task);
  return (
    <>
      <p>
        <a href={`#/task/${task.task}`}>the task</a>
      </p>
      <h1 tabIndex={-1}>
        On a host’s machine: <bdi>{task.name ?? `task ${task.task}`}</bdi>
      </h1>
      <p class="lead">
        Whoever has rows and no machine that runs for weeks lets a host train. Stake and rewards stay yours.
      </p>
      <HostWarning />
      {of ? <HostedStatus of={of} /> : <Begin task={task} />}
    </>
  );
}

function Begin({ task }: { readonly task: Task }) {
  const why = closed(task);
  if (why !== undefined) return <p>{why}</p>;
  return (
    <div class="give">
      <GiveForm task={task} match={matchOf.value.get(task.task)} />
    </div>
  );
}

/** Why nothing can be given; undefined where it can. */
function closed(task: Task): string | undefined {
  if (place.value?.kind !== 'chain') return 'The example has no hosts: all of it is on this machine.';
  if (task.fault !== undefined) return 'This task cannot be worked on.';
  if (task.status !== 'open') return 'Joining is over.';
  if (task.data.kind !== 'table') return 'It takes no table: a host is given a file of rows.';
  if (task.program) return 'Its model is a program: murmur host pack and run take it, with --exec.';
  return undefined;
}
