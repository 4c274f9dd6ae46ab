// The audit of one task: everything computed again on this machine, what came of it, and the certificate to keep.
import { useEffect } from 'preact/hooks';
import type { Audit } from '../../api/audit.ts';
import type { Task } from '../../api/task.ts';
import { audit, beginAudit, believeFault, keepAuditFile, lookAtAudit } from '../believe.ts';
import { amount, count, short } from '../format.ts';
import { Notice } from '../parts/notice.tsx';
import { AuditFindings, OutcomeChip, Sentences } from '../parts/outcome.tsx';

export function AuditView({ task }: { readonly task: Task }) {
  useEffect(() => void lookAtAudit(task.task), [task.task]);
  const shown = audit.value?.task === task.task ? audit.value : undefined;
  return (
    <>
      <p>
        <a href={`#/task/${task.task}`}>the task</a>
      </p>
      <h1 tabIndex={-1}>
        Audit of <bdi>{task.name ?? `task ${task.task}`}</bdi>
      </h1>
      <p class="lead">
        Your node computes everything of this task again, from the chain and its contents alone. It takes
        nobody’s word, and needs nobody’s permission.
      </p>
      {shown && <Deed audit={shown} />}
      {believeFault.value && <Notice fault={believeFault.value} />}
      {shown?.report && <Report task={task.task} report={shown.report} />}
    </>
  );
}

function Deed({ audit: { task, state, says, fault, report } }: { readonly audit: Audit }) {
  return (
    <div class="deeds" aria-live="polite">
      {state === 'working' ? (
        <p class="says">
          <span class="spinner" aria-hidden="true" /> <bdi>{says}</bdi>
        </p>
      ) : (
        <button type="button" onClick={() => void beginAudit(task)}>
          {report ? 'Audit again' : 'Audit'}
        </button>
      )}
      {fault && <Notice fault={fault} />}
    </div>
  );
}

type ReportOf = NonNullable<Audit['report']>;

const verdicts: Readonly<Record<ReportOf['outcome'], string>> = {
  clean: 'Everything that was checked holds, and everything that can be checked was.',
  incomplete: 'Nothing that was checked fails. Some things could not be checked; they blame nobody.',
  failed: 'Some checks fail. They are listed below, each with what it is about.',
};

function Report({ task, report }: { readonly task: string; readonly report: ReportOf }) {
  const { outcome, created, status, until, untilHash, checks, findings, misconduct, limits } = report;
  const total = (what: 'passed' | 'failed' | 'unchecked') =>
    checks.reduce((sum, check) => sum + check[what], 0);
  const figure = (value: number, what: string) => (
    <div>
      <dd>{count(value)}</dd>
      <dt>{what}</dt>
    </div>
  );
  return (
    <>
      <p class="chips">
        <OutcomeChip outcome={outcome} />
        <span>{verdicts[outcome]}</span>
      </p>
      <dl class="figures">
        {figure(total('passed'), 'checks hold')}
        {figure(total('failed'), 'fail')}
        {figure(total('unchecked'), 'could not be made')}
        {figure(new Set(misconduct.map(({ account }) => account)).size, 'members broke a rule')}
      </dl>
      <p class="quiet">
        Made {new Date(created).toLocaleString()}, when the task was <bdi>{status}</bdi>, up to block {until}{' '}
        <code>{untilHash}</code>
      </p>
      <Certificate task={task} issuer={report.issuer} />
      <section>
        <h2>What fails, or could not be checked</h2>
        <AuditFindings findings={findings} />
      </section>
      <section>
        <h2>Who did what the rules do not allow</h2>
        {misconduct.length === 0 ? (
          <p>Nobody.</p>
        ) : (
          <ul class="sentences">
            {misconduct.map(({ account, round, text }, at) => (
              <li key={at}>
                <code>{account}</code>, {round === 0 ? 'before the start' : `round ${round}`}:{' '}
                <bdi>{text}</bdi>
              </li>
            ))}
          </ul>
        )}
      </section>
      <People people={report.people} />
      <Checks checks={checks} />
      <section>
        <h2>What no audit can check</h2>
        <Sentences of={limits} />
      </section>
    </>
  );
}

function Certificate({ task, issuer }: { readonly task: string; readonly issuer: string }) {
  const file = (name: string, label: string) => (
    <button type="button" class="second" onClick={() => void keepAuditFile(task, name)}>
      {label}
    </button>
  );
  return (
    <section>
      <h2>The certificate</h2>
      <p>
        A verifiable credential (W3C) that vouches for report and page, signed by <code>{issuer}</code>, a key
        of your own desk. Whoever has the three files checks them without any chain.
      </p>
      <div class="deeds">
        {file('certificate.json', 'Keep the certificate')}
        {file('report.json', 'Keep the report')}
        {file('report.html', 'Keep the page')}
      </div>
    </section>
  );
}

function People({ people }: Pick<ReportOf, 'people'>) {
  return (
    <section>
      <h2>Who took part</h2>
      <section class="scroll" aria-label="Members">
        <table>
          <thead>
            <tr>
              <th scope="col">account</th>
              <th scope="col">role</th>
              <th scope="col">earned</th>
              <th scope="col">lost</th>
              <th scope="col">strikes</th>
            </tr>
          </thead>
          <tbody>
            {people.map(({ account, role, standing, earned, slashed, strikes }) => (
              <tr key={account}>
                <th scope="row" title={account}>
                  {short(account)}
                </th>
                <td>
                  {role}
                  {standing === 'ejected' && <span class="chip not">lost its seat</span>}
                </td>
                <td>{amount(earned)}</td>
                <td>{amount(slashed)}</td>
                <td>{strikes}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

function Checks({ checks }: Pick<ReportOf, 'checks'>) {
  return (
    <section>
      <h2>What was checked, and how</h2>
      <ul class="sentences">
        {checks.map(({ title, method, passed, failed, unchecked }) => (
          <li key={title}>
            <b>{title}</b>: {count(passed)} hold
            {failed > 0 && `, ${count(failed)} fail`}
            {unchecked > 0 && `, ${count(unchecked)} could not be made`}. <span class="quiet">{method}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
