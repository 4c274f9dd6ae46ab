// The button that everything else explains: what it does, what it needs first, and what it does it in spite of.
import { useState } from 'preact/hooks';
import type { Match } from '../../api/file.ts';
import type { Task } from '../../api/task.ts';
import { amount } from '../format.ts';
import { hosted } from '../hosted.ts';
import { deedFault, matches, place, how as reading, runs, train } from '../state.ts';
import { Dangers, hasDangers } from './dangers.tsx';
import { JoinPanel } from './join_panel.tsx';
import { Notice } from './notice.tsx';

interface Props {
  readonly task: Task;
  readonly match: Match | undefined;
}

export function TrainPanel({ task, match }: Props) {
  const run = runs.value.find((each) => each.task === task.task);
  if (run)
    return (
      <>
        <h2>You take part</h2>
        <p>
          <a class="button" href={`#/run/${task.task}`}>
            Follow the training
          </a>
        </p>
      </>
    );
  if (place.value?.kind === 'chain')
    return (
      <>
        <JoinPanel task={task} match={match} />
        <OnHost task={task} />
      </>
    );
  const [why, isReady] = readiness(task, match);
  return (
    <>
      <h2>Train</h2>
      {isReady ? <Start task={task} match={match} /> : <p>{why}</p>}
    </>
  );
}

/** For who has no machine that runs for weeks. */
function OnHost({ task: { task, status } }: { readonly task: Task }) {
  const isGiven = hosted.value.some((each) => each.task === task);
  if (!isGiven && status !== 'open') return null;
  return (
    <>
      <h3>No machine that runs that long?</h3>
      <p>
        <a class="button second" href={`#/host/${task}`}>
          {isGiven ? 'Follow the host' : 'Train on a host’s machine'}
        </a>
      </p>
      {!isGiven && <p class="quiet">The host sees your rows; stake and rewards stay yours.</p>}
    </>
  );
}

function Start({ task, match }: Props) {
  const [accepted, setAccepted] = useState(false);
  const [asked, setAsked] = useState(false);
  const file = match && matches.value?.file;
  async function begin() {
    setAsked(true);
    const how = {
      acceptRisks: accepted,
      ...(file && { file: file.id, reading: { ...reading.value, dropFaulty: match.fits === 'rows' } }),
    };
    if (await train(task.task, how)) location.hash = `#/run/${task.task}`;
    else setAsked(false);
  }
  return (
    <>
      <p>
        {file ? (
          <>
            With <bdi class="name">{file.name}</bdi>.
          </>
        ) : (
          'With the rows that the example has for your seat.'
        )}{' '}
        Your node pledges {amount(place.value!.seat!.pledge)} tokens of play money and trains here; closing
        this page does not stop it.
      </p>
      <Dangers findings={task.findings} accepted={accepted} accept={setAccepted} />
      <p>
        <button
          type="button"
          disabled={asked || (hasDangers(task.findings) && !accepted)}
          onClick={() => void begin()}
        >
          Train
        </button>
      </p>
      {deedFault.value && <Notice fault={deedFault.value} />}
    </>
  );
}

/** Why one cannot train, or that one can. */
function readiness(task: Task, match: Match | undefined): readonly [why: string, isReady: boolean] {
  const seat = place.value?.seat;
  if (!seat) return ['The example has no seat for you.', false];
  if (task.fault !== undefined) return ['This task cannot be worked on.', false];
  if (task.status !== 'open') return ['Joining is over.', false];
  if (task.trainers.taken >= task.trainers.most) return ['All seats of trainers are taken.', false];
  if (BigInt(task.minStake) > BigInt(seat.pledge)) return ['It asks for more stake than you have.', false];
  if (!seat.tasks.includes(task.task) && !match)
    return ['Give it a file of yours first: see the data below.', false];
  if (match?.fits === 'no') return ['Your file does not fit this task.', false];
  return ['', true];
}
