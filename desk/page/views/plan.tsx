// Planning a task: a template, fields that explain themselves, what a review finds beside the button; and what was
// posted, as it goes.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import '../plan.css';
import type { Plan, PlanAsked, PlanField, PlanFileName, TemplateName } from '../../api/plan.ts';
import { accounts } from '../accounts.ts';
import { amount, count, tokens } from '../format.ts';
import { AccountChoice } from '../parts/accounts.tsx';
import { Dangers, hasDangers } from '../parts/dangers.tsx';
import { Notice } from '../parts/notice.tsx';
import {
  change,
  orderPlan,
  planAsked,
  planChecked,
  planDone,
  planFault,
  planFields,
  plans,
  post,
  posting,
  textOf,
} from '../plan.ts';
import { place } from '../state.ts';

const templates: Readonly<Record<TemplateName, string>> = {
  digits: 'Handwritten digits: the demonstration, whose data every member has',
  clinics: 'Clinics: heart disease from a table of patients, as in the examples',
  credit: 'Credit: loans from a table of lenders, as in the examples',
  own: 'Your own: a file task.json, and a program where its model is one',
};

export function PlanView() {
  const { template, fields } = planAsked.value;
  const shown = planFields.value.filter(({ only }) => only === undefined || only === template);
  const choose = (to: TemplateName) => {
    const kept = Object.entries(fields).filter(([name]) => name !== 'rounds' || to === 'digits');
    change({ ...planAsked.value, template: to, fields: Object.fromEntries(kept) });
  };
  return (
    <>
      <h1 tabIndex={-1}>Plan a task</h1>
      <p class="lead">
        You say what is learnt, by how many and for how much. The bounty is locked when the task is posted,
        and its terms never change after that.
      </p>
      <div class="plan">
        <div>
          <fieldset>
            <legend>Begin with</legend>
            {(Object.keys(templates) as TemplateName[]).map((name) => (
              <label key={name} class="block">
                <input
                  type="radio"
                  name="template"
                  checked={template === name}
                  onChange={() => choose(name)}
                />{' '}
                {templates[name]}
              </label>
            ))}
            <FaultOf field="template" />
          </fieldset>
          {template === 'own' && <Description asked={planAsked.value} />}
          <div class="fields">
            {template === 'own' && (
              <PlanFile field="program" title="The program, if its model is one">
                what <code>murmur model describe</code> prints; it takes the place of the description’s model,
                and the desk was started with its <code>--exec</code>
              </PlanFile>
            )}
            <PlanFile field="members" title="Who may join, if not everybody">
              a file of <code>murmur planner members</code>; seats for all of them unless told (
              <code>--members</code>)
            </PlanFile>
            <PlanFile field="policy" title="A policy, if you have one">
              what the fields below leave open, and more (<code>--policy</code>)
            </PlanFile>
          </div>
          <div class="fields">
            {shown.map((field) => (
              <Field key={field.name} field={field} />
            ))}
          </div>
        </div>
        <aside>
          <Posting />
        </aside>
      </div>
      {plans.value.length > 0 && <h2>What you have posted</h2>}
      {plans.value.map((plan) => (
        <Posted key={plan.task} plan={plan} />
      ))}
    </>
  );
}

function FaultOf({ field }: { readonly field: string }) {
  const found = (planChecked.value?.faults ?? []).filter((each) => each.field === field);
  return (
    <div aria-live="polite" id={`fault-${field}`}>
      {found.map(({ message }) => (
        <p key={message} class="notice">
          <bdi>{message}</bdi>
        </p>
      ))}
    </div>
  );
}

function Field({ field: { name, what, unit, must, shown, flag } }: { readonly field: PlanField }) {
  const { fields } = planAsked.value;
  return (
    <div class="field">
      <label>
        {wordsOf(name)}{' '}
        <input
          value={fields[name] ?? ''}
          placeholder={shown ?? ''}
          maxLength={60}
          aria-describedby={`about-${name} fault-${name}`}
          onInput={({ currentTarget: { value } }) =>
            change({ ...planAsked.value, fields: { ...planAsked.value.fields, [name]: value } })
          }
        />{' '}
        {unit}
      </label>
      <p class="quiet" id={`about-${name}`}>
        {what}; {must} (<code>{flag}</code>)
      </p>
      <FaultOf field={name} />
    </div>
  );
}

/** `minStake`: min stake. */
const wordsOf = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function Description({ asked }: { readonly asked: PlanAsked }) {
  return (
    <>
      <label class="block">
        The description{' '}
        <input
          type="file"
          accept=".json,application/json"
          onChange={async ({ currentTarget: { files } }) => {
            const description = await textOf(files?.[0]);
            if (description !== undefined) change({ ...asked, description });
          }}
        />
      </label>
      <FaultOf field="description" />
    </>
  );
}

interface PlanFileProps {
  readonly field: PlanFileName;
  readonly title: string;
  readonly children: ComponentChildren;
}

/** A file that a plan may come with. */
function PlanFile({ field, title, children }: PlanFileProps) {
  const given = planAsked.value.files?.[field];
  const put = (file: { name: string; text: string } | undefined) => {
    const { [field]: _, ...others } = planAsked.value.files ?? {};
    change({ ...planAsked.value, files: file ? { ...others, [field]: file } : others });
  };
  return (
    <div class="field">
      <label>
        {title}{' '}
        <input
          type="file"
          accept=".json,application/json"
          aria-describedby={`about-${field} fault-${field}`}
          onChange={async ({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            const text = await textOf(file);
            if (file && text !== undefined) put({ name: file.name.slice(0, 200), text });
            // The same file again is a change, too.
            currentTarget.value = '';
          }}
        />
      </label>
      {given && (
        <p>
          <bdi class="name">{given.name}</bdi>{' '}
          <button type="button" class="link" onClick={() => put(undefined)}>
            Take it back
          </button>
        </p>
      )}
      <p class="quiet" id={`about-${field}`}>
        {children}
      </p>
      <FaultOf field={field} />
    </div>
  );
}

function Posting() {
  const [accepted, setAccepted] = useState(false);
  const [again, setAgain] = useState(false);
  const [asked, setAsked] = useState(false);
  const checked = planChecked.value;
  const chosen = accounts.value.find(({ isChosen }) => isChosen);
  const canSign = place.value?.kind === 'example' || chosen?.isUnlocked === true;
  const findings = checked?.findings ?? [];
  const isBusy = asked || posting.value?.state === 'working';
  const isReady =
    checked !== undefined &&
    checked.faults.length === 0 &&
    canSign &&
    !isBusy &&
    (!hasDangers(findings) || accepted);
  return (
    <>
      <h2>Post it</h2>
      {place.value?.kind === 'chain' && <AccountChoice />}
      {checked?.bounty !== undefined && (
        <p>
          <b>
            <bdi>{checked.name}</bdi>
          </b>
          , {count(checked.parameters!)} parameters. {tokens(checked.bounty)} are locked as its bounty.
          Posting takes about {count(Number(checked.gas))} gas, {amount(checked.wei!, 6)} ether at the price
          of now. What the rounds do not pay comes back when the task is over.
        </p>
      )}
      {checked && checked.says.length > 0 && (
        <ul class="sentences">
          {checked.says.map((sentence) => (
            <li key={sentence}>
              <bdi>{sentence}</bdi>
            </li>
          ))}
        </ul>
      )}
      {checked?.others !== undefined && (
        <p class="notice">The example’s other members do not join: {checked.others}.</p>
      )}
      <Dangers findings={findings} accepted={accepted} accept={setAccepted} />
      <label class="block">
        <input type="checkbox" checked={again} onChange={(event) => setAgain(event.currentTarget.checked)} />{' '}
        post it although the same task of mine is open
      </label>
      <p>
        <button
          type="button"
          disabled={!isReady}
          onClick={async () => {
            setAsked(true);
            await post(accepted, again);
            setAsked(false);
          }}
        >
          Post
        </button>{' '}
        {checked && checked.faults.length > 0 && <span class="quiet">Some fields are wrong.</span>}
      </p>
      <div aria-live="polite">
        <LastPosting />
        {planFault.value && <Notice fault={planFault.value} />}
        {planDone.value && <p>{planDone.value}</p>}
      </div>
      <h2>What a review finds</h2>
      <ul class="findings">
        {findings.map(({ rule, severity, says, mend }) => (
          <li key={rule}>
            <span class={`chip ${severity === 'danger' ? 'not' : severity === 'warning' ? 'partly' : ''}`}>
              {severity}
            </span>
            <p>{says}</p>
            <p class="quiet">{mend}</p>
          </li>
        ))}
      </ul>
      {checked?.findings.length === 0 && checked.faults.length === 0 && <p>Nothing.</p>}
    </>
  );
}

/** What came of the posting that was asked for last. */
function LastPosting() {
  if (!posting.value) return null;
  const { state, name, task, fault } = posting.value;
  if (state === 'working')
    return (
      <p class="says">
        <span class="spinner" aria-hidden="true" /> posts <bdi>{name || 'the task'}</bdi>
      </p>
    );
  return fault ? <Notice fault={fault} /> : <p>Task {task} is posted.</p>;
}

function Posted({ plan }: { readonly plan: Plan }) {
  const { task, name, status, phase, round, rounds, history } = plan;
  return (
    <section aria-label={`Task ${task}`}>
      <h3>
        <a href={`#/task/${task}`}>
          <bdi>{name}</bdi>, task {task}
        </a>
      </h3>
      <p>
        <span class="chip">{status}</span> {plan.trainers} trainers, {plan.validators} validators
        {status === 'running' && `; round ${round} of ${rounds}: ${phase}`}. {amount(plan.paid)} of{' '}
        {tokens(plan.bounty)} are paid{plan.back !== '0' && `, ${amount(plan.back)} came back`}.
      </p>
      {plan.othersFault && <Notice fault={plan.othersFault} />}
      <p>
        {plan.canStart && (
          <button type="button" onClick={() => void orderPlan(task, 'start')}>
            Start now
          </button>
        )}{' '}
        {plan.canCancel && (
          <button type="button" class="second" onClick={() => void orderPlan(task, 'cancel')}>
            Give it up
          </button>
        )}
      </p>
      {history.length > 0 && (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                {['round', 'outcome', 'updates', 'sums', 'votes', 'accuracy', 'paid to trainers'].map(
                  (title) => (
                    <th key={title} scope="col">
                      {title}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {history.map((each) => (
                <tr key={each.round}>
                  <th scope="row">{each.round}</th>
                  <td>{each.outcome}</td>
                  <td>{each.updates}</td>
                  <td>{each.sums}</td>
                  <td>{each.votes}</td>
                  <td>{each.accuracy === undefined ? '–' : `${(each.accuracy * 100).toFixed(1)} %`}</td>
                  <td>{amount(each.paid)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
