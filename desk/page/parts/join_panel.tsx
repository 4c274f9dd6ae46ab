// Taking part on a chain that was named: who acts, in which seat, with what stake and rows, under which terms.
import { useState } from 'preact/hooks';
import type { Match } from '../../api/file.ts';
import type { Task } from '../../api/task.ts';
import { accounts } from '../accounts.ts';
import { amount, tokens, units } from '../format.ts';
import { useRemembered } from '../remembered.ts';
import { deedFault, how, matches, place, train } from '../state.ts';
import { owner } from '../wallet/wallet.ts';
import { AccountChoice } from './accounts.tsx';
import { Agree } from './agree.tsx';
import { Notice } from './notice.tsx';
import { lackingWallet, OwnerChoice } from './owner_choice.tsx';

interface Props {
  readonly task: Task;
  readonly match: Match | undefined;
}

type Role = 'trainer' | 'validator';

export function JoinPanel({ task, match }: Props) {
  const over = closed(task);
  const chosen = accounts.value.find(({ isChosen }) => isChosen);
  return (
    <>
      <h2>Take part</h2>
      {over !== undefined ? (
        <p>{over}</p>
      ) : (
        <>
          <AccountChoice />
          {chosen?.isUnlocked && <Join task={task} match={match} key={`${task.task} ${chosen.address}`} />}
        </>
      )}
    </>
  );
}

/** Why nobody can join; undefined where somebody can. */
function closed(task: Task): string | undefined {
  if (task.fault !== undefined) return 'This task cannot be worked on.';
  if (task.status !== 'open') return 'Joining is over.';
  if (task.data.kind === 'digits')
    return 'It takes the demonstration’s digits: murmur trainer join and run do.';
  if (task.program) return 'Its model is a program: murmur trainer join and run take it.';
  return undefined;
}

function Join({ task, match }: Props) {
  const form = (what: string) => `${task.task} ${what}`;
  const [role, setRole] = useRemembered<Role>(form('role'), 'trainer');
  const [pledge, setPledge] = useRemembered(form('stake'), amount(task.minStake, 18).replaceAll(/\s/g, ''));
  const [byWallet, setByWallet] = useRemembered<boolean>(form('wallet'), false);
  const [members, setMembers] = useState<string>();
  const [agreed, setAgreed] = useRemembered<string | undefined>(form('agreed'), undefined);
  const [asked, setAsked] = useState(false);
  const file = matches.value?.file;
  const stake = units(pledge);
  const dangers = task.findings.some(({ severity }) => severity === 'danger');
  // Other terms, or another seat, are agreed to anew.
  const terms = `${role} ${task.terms}`;
  const lack = lacking(task, { match, role, stake }) ?? (byWallet ? lackingWallet() : undefined);
  const chosen = accounts.value.find(({ isChosen }) => isChosen);
  async function begin() {
    setAsked(true);
    const begun = await train(task.task, {
      role,
      stake: stake!,
      file: file!.id,
      reading: how.value,
      terms: task.terms,
      acceptRisks: dangers,
      ...(byWallet && { owner: owner.value! }),
      ...(members !== undefined && { members }),
    });
    setAsked(false);
    if (begun) location.hash = `#/run/${task.task}`;
  }
  const seat = (of: Role) => (
    <label>
      <input type="radio" name="seat" checked={role === of} onChange={() => setRole(of)} /> {of} (
      {task[`${of}s`].taken} of {task[`${of}s`].most} taken)
    </label>
  );
  return (
    <>
      {chosen && <OwnerChoice account={chosen.address} byWallet={byWallet} choose={setByWallet} />}
      {!byWallet && <Balance />}
      <fieldset>
        <legend>Seat</legend>
        {seat('trainer')} {seat('validator')}
      </fieldset>
      <label class="block">
        Stake, in tokens{' '}
        <input inputMode="decimal" value={pledge} onInput={(event) => setPledge(event.currentTarget.value)} />
      </label>
      {task.listed && (
        <label class="block">
          The planner’s file of members{' '}
          <input
            type="file"
            accept=".json"
            onChange={async (event) => setMembers(await event.currentTarget.files?.[0]?.text())}
          />
        </label>
      )}
      <p>
        {file ? (
          <>
            With <bdi class="name">{file.name}</bdi>. It stays here.
          </>
        ) : (
          'Give it a file of yours: see the data below.'
        )}
      </p>
      {stake !== undefined && (
        <details open>
          <summary>What you agree to</summary>
          <ul class="sentences">
            <li>
              {tokens(stake)} are pledged to task {task.task} until it is over and its appeals are.
            </li>
            {task.costs[role].slashes.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
            {dangers && <li>The review finds dangers, which stand below.</li>}
          </ul>
        </details>
      )}
      <Agree terms={terms} agreed={agreed} change={setAgreed}>
        I have read the terms, what I could lose{dangers ? ', and the dangers' : ''}, and go on.
      </Agree>
      <p>
        <button
          type="button"
          disabled={asked || lack !== undefined || agreed !== terms}
          onClick={() => void begin()}
        >
          Join as {role}
        </button>{' '}
        {byWallet && !lack && <span class="quiet">What the wallet signs is shown next.</span>}
        {lack && <span class="quiet">{lack}</span>}
      </p>
      <div aria-live="polite">{deedFault.value && <Notice fault={deedFault.value} />}</div>
    </>
  );
}

function Balance() {
  const account = place.value?.account;
  if (!account) return null;
  return (
    <p class="quiet">
      It has {tokens(account.tokens)}, {tokens(account.free)} of free stake, and {amount(account.ether, 6)}{' '}
      ether for gas.
    </p>
  );
}

interface Asked {
  readonly match: Match | undefined;
  readonly role: Role;
  readonly stake: string | undefined;
}

/** What is still lacking; the node says the rest. */
function lacking(task: Task, { match, role, stake }: Asked): string | undefined {
  const { taken, most } = task[`${role}s`];
  if (taken >= most) return `All seats of ${role}s are taken.`;
  if (stake === undefined) return 'The stake is no amount of tokens.';
  if (!match) return 'A file is missing.';
  if (match.fits === 'no') return 'Your file does not fit this task.';
  if (match.fits === 'rows' && how.value.dropFaulty !== true)
    return 'Some rows cannot be used: mend them, or leave them out, where the file is chosen.';
  return undefined;
}
