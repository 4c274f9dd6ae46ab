// What an owner gives to a host: to whom, which file, how much stake, until when; and whose the stake is.
import { useEffect, useState } from 'preact/hooks';
import type { Match } from '../../api/file.ts';
import type { HostSeen } from '../../api/hosted.ts';
import type { Task } from '../../api/task.ts';
import type { Fault } from '../../api/words.ts';
import { accounts } from '../accounts.ts';
import { amount, duration, tokens, units } from '../format.ts';
import { giveToHost, hostedBusy, hostedFault, lookAtHost } from '../hosted.ts';
import { useRemembered } from '../remembered.ts';
import { faultOf } from '../session.ts';
import { how, matches } from '../state.ts';
import { owner as walletOwner } from '../wallet/wallet.ts';
import { AccountChoice } from './accounts.tsx';
import { Agree } from './agree.tsx';
import { Columns, Sayings } from './columns.tsx';
import { Drop } from './drop.tsx';
import { Fit } from './fit.tsx';
import { Notice } from './notice.tsx';
import { lackingWallet, OwnerChoice } from './owner_choice.tsx';
import { PasteOrFile } from './paste_or_file.tsx';

interface Props {
  readonly task: Task;
  readonly match: Match | undefined;
}

export function GiveForm({ task, match }: Props) {
  const chosen = accounts.value.find(({ isChosen }) => isChosen);
  return (
    <>
      <section>
        <h2>Your account</h2>
        <p class="quiet">It writes down what leaves this machine, and it can own the stake.</p>
        <AccountChoice />
      </section>
      {chosen?.isUnlocked && (
        <Form task={task} match={match} account={chosen.address} key={`${task.task} ${chosen.address}`} />
      )}
    </>
  );
}

type Role = 'trainer' | 'validator';
const daySeconds = 86_400;

const whose = {
  account: '',
  wallet: ': the host acts, and can take neither',
} as const;

function Form({ task, match, account }: Props & { readonly account: string }) {
  const form = (what: string) => `${task.task} host ${what}`;
  const [byWallet, setByWallet] = useRemembered<boolean>(form('wallet'), false);
  const [identity, setIdentity] = useRemembered<string>(form('identity'), '');
  const [consent, setConsent] = useRemembered<string>(form('consent'), '');
  const [name, setName] = useRemembered<string>(form('name'), '');
  const [compared, setCompared] = useRemembered<string>(form('compared'), '');
  const [role, setRole] = useRemembered<Role>(form('role'), 'trainer');
  const [pledge, setPledge] = useRemembered<string>(
    form('stake'),
    amount(task.minStake, 18).replaceAll(/\s/g, ''),
  );
  const [days, setDays] = useRemembered<string>(form('days'), '90');
  const [agreed, setAgreed] = useRemembered<string | undefined>(form('agreed'), undefined);
  const [host, fault] = useHost(identity);

  const owner = byWallet ? walletOwner.value : account;
  const stake = units(pledge);
  const valid = /^\d{1,3}$/.test(days.trim()) ? Number(days) * daySeconds : 0;
  const isOwned = host !== undefined && host.owner.toLowerCase() === owner?.toLowerCase();
  const dangers = task.findings.some(({ severity }) => severity === 'danger');
  // Another host, seat or task is agreed to anew.
  const terms = `${role} ${task.terms} ${host?.fingerprint}`;
  const lack =
    (byWallet ? lackingWallet() : undefined) ??
    lackingOfHost({ host, compared, isOwned, consent }) ??
    lacking(task, { match, role, stake, valid });
  const longest = task.rounds * task.roundSeconds;
  const file = matches.value?.file;

  const give = () =>
    giveToHost(task.task, {
      identity,
      name,
      ...(!isOwned && { consent }),
      ...(byWallet && { owner: owner! }),
      role,
      stake: stake!,
      valid,
      file: file!.id,
      reading: how.value,
      terms: task.terms,
      acceptRisks: dangers,
    });
  const seat = (of: Role) => (
    <label>
      <input type="radio" name="host-seat" checked={role === of} onChange={() => setRole(of)} /> {of} (
      {task[`${of}s`].taken} of {task[`${of}s`].most} taken)
    </label>
  );
  return (
    <>
      <OwnerChoice account={account} byWallet={byWallet} choose={setByWallet} says={whose} />
      <section>
        <h2>The host</h2>
        <PasteOrFile label="What murmur host identity printed there" value={identity} set={setIdentity} />
        <div aria-live="polite">{fault && <Notice fault={fault} />}</div>
        {host && (
          <>
            <Host host={host} />
            <label class="block">
              What you call it{' '}
              <input type="text" value={name} onInput={(event) => setName(event.currentTarget.value)} />
            </label>
            <label class="block">
              <input
                type="checkbox"
                checked={compared === host.fingerprint}
                onChange={(event) => setCompared(event.currentTarget.checked ? host.fingerprint : '')}
              />{' '}
              I have compared this fingerprint with what the host told me by another way.
            </label>
          </>
        )}
        {host && !isOwned && owner !== undefined && (
          <>
            <h3>Its consent</h3>
            <p>
              Its account is to be yours, so that its stake and rewards are. It says so with{' '}
              <code>murmur owner consent --owner {owner}</code>
            </p>
            <PasteOrFile label="What murmur owner consent printed there" value={consent} set={setConsent} />
          </>
        )}
        {host && isOwned && <p>Its account is yours already.</p>}
      </section>
      <section>
        <h2>The file</h2>
        <p class="chips">
          <Fit match={match} />
        </p>
        {task.data.kind === 'table' && match && (
          <>
            <Columns columns={task.data.columns} target={task.data.target} match={match} />
            <Sayings match={match} />
          </>
        )}
        <Drop
          title="The rows that the host gets"
          says="Your own node reads it first. It leaves this machine sealed to the host, once you give it."
        />
      </section>
      <section>
        <h2>What the host may do</h2>
        <fieldset>
          <legend>Seat</legend>
          {seat('trainer')} {seat('validator')}
        </fieldset>
        <label class="block">
          Stake that it may pledge, in tokens{' '}
          <input
            inputMode="decimal"
            value={pledge}
            onInput={(event) => setPledge(event.currentTarget.value)}
          />
        </label>
        <label class="block">
          For how many days from now{' '}
          <input inputMode="numeric" value={days} onInput={(event) => setDays(event.currentTarget.value)} />
        </label>
        <p class="quiet">
          Then the host stops, erases its copy and signs a receipt. The rounds take {duration(longest)} at
          most, and joining and appeals come on top: a mandate that ends before costs stake.
        </p>
        {stake !== undefined && (
          <details open>
            <summary>What this can cost</summary>
            <ul class="sentences">
              <li>{tokens(stake)} are pledged by the host, and come back when task and appeals are over.</li>
              {task.costs[role].slashes.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
              {dangers && <li>The review of the task finds dangers, which stand on its page.</li>}
            </ul>
          </details>
        )}
        <Agree terms={terms} agreed={agreed} change={setAgreed}>
          The host sees my rows. I have read what I could lose{dangers ? ', and the dangers' : ''}, and go on.
        </Agree>
        <p>
          <button
            type="button"
            disabled={hostedBusy.value || lack !== undefined || agreed !== terms}
            onClick={() => void give()}
          >
            Give it to the host
          </button>{' '}
          {lack && <span class="quiet">{lack}</span>}
          {!lack && byWallet && <span class="quiet">What the wallet signs is shown next.</span>}
        </p>
        <div aria-live="polite">{hostedFault.value && <Notice fault={hostedFault.value} />}</div>
      </section>
    </>
  );
}

/** The host of an identity, as the node has checked it. */
function useHost(identity: string): readonly [HostSeen | undefined, Fault | undefined] {
  const [seen, setSeen] = useState<readonly [HostSeen | undefined, Fault | undefined]>([
    undefined,
    undefined,
  ]);
  useEffect(() => {
    setSeen([undefined, undefined]);
    if (identity.trim() === '') return;
    let isOld = false;
    lookAtHost(identity).then(
      (host) => !isOld && setSeen([host, undefined]),
      (error: unknown) => !isOld && setSeen([undefined, faultOf(error)]),
    );
    return () => {
      isOld = true;
    };
  }, [identity]);
  return seen;
}

/** Who a host is. */
export function Host({
  host,
}: {
  readonly host: Pick<HostSeen, 'account' | 'key' | 'fingerprint'> & Partial<HostSeen>;
}) {
  return (
    <dl class="host">
      <div>
        <dt>account</dt>
        <dd>
          <code>{host.account}</code>
        </dd>
      </div>
      <div>
        <dt>key that the file is sealed to</dt>
        <dd>
          <code>{host.key}</code>
        </dd>
      </div>
      <div>
        <dt>fingerprint</dt>
        <dd>
          <code>{host.fingerprint}</code>
        </dd>
      </div>
      {host.ether !== undefined && (
        <div>
          <dt>has for gas</dt>
          <dd>{amount(host.ether, 6)} ether</dd>
        </div>
      )}
    </dl>
  );
}

interface OfHost {
  readonly host: HostSeen | undefined;
  readonly compared: string;
  readonly isOwned: boolean;
  readonly consent: string;
}

function lackingOfHost({ host, compared, isOwned, consent }: OfHost): string | undefined {
  if (!host) return 'The host’s identity is missing.';
  if (compared !== host.fingerprint) return 'Compare the fingerprint.';
  if (!isOwned && consent.trim() === '') return 'The host’s consent is missing.';
  return undefined;
}

interface Asked {
  readonly match: Match | undefined;
  readonly role: Role;
  readonly stake: string | undefined;
  readonly valid: number;
}

/** What is still lacking; the node says the rest. */
function lacking(task: Task, { match, role, stake, valid }: Asked): string | undefined {
  const { taken, most } = task[`${role}s`];
  if (taken >= most) return `All seats of ${role}s are taken.`;
  if (stake === undefined) return 'The stake is no amount of tokens.';
  if (valid < daySeconds || valid > 365 * daySeconds) return 'Say 1 to 365 days.';
  if (!match) return 'A file is missing.';
  if (match.fits === 'no') return 'Your file does not fit this task.';
  if (match.fits === 'rows' && how.value.dropFaulty !== true)
    return 'Some rows cannot be used: mend them, or leave them out, where the file is chosen.';
  return undefined;
}
