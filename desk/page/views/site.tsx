// What left this machine: its own log, held against the chain.
import { useEffect } from 'preact/hooks';
import type { Site } from '../../api/audit.ts';
import { auditSite, believeFault, keepSiteFile, site, siteBusy } from '../believe.ts';
import { bytes, count } from '../format.ts';
import { Notice } from '../parts/notice.tsx';
import { AuditFindings, OutcomeChip, Sentences } from '../parts/outcome.tsx';

export function SiteView() {
  useEffect(() => void auditSite(), []);
  const shown = site.value;
  return (
    <>
      <h1 tabIndex={-1}>What left this machine</h1>
      <p class="lead">
        Your node writes down what is about to leave, before it does, and every transaction of your account
        carries the hash of all that. Here the log is held against the chain.
      </p>
      <div class="deeds" aria-live="polite">
        {siteBusy.value ? (
          <p class="says">
            <span class="spinner" aria-hidden="true" /> compares
          </p>
        ) : (
          <button type="button" onClick={() => void auditSite()}>
            Compare again
          </button>
        )}
        {believeFault.value && <Notice fault={believeFault.value} />}
      </div>
      {shown && <Report site={shown} />}
    </>
  );
}

function Report({ site: shown }: { readonly site: Site }) {
  const { account, created, outcome, statement, left, refused, findings, limits } = shown;
  const file = (name: string, label: string) => (
    <button type="button" class="second" onClick={() => void keepSiteFile(name)}>
      {label}
    </button>
  );
  return (
    <>
      <p class="chips">
        <OutcomeChip outcome={outcome} />
        <span class="quiet">
          of <code>{account}</code>, {new Date(created).toLocaleString()}
        </span>
      </p>
      <Sentences of={statement} />
      <section>
        <h2>What left</h2>
        <Left left={left} />
      </section>
      <section>
        <h2>What was refused</h2>
        {refused.length === 0 ? (
          <p>Nothing.</p>
        ) : (
          <ul class="sentences">
            {refused.map(({ what, to, why, times }, at) => (
              <li key={at}>
                <bdi>{what}</bdi> to <bdi>{to}</bdi>, {count(times)} ×: <bdi>{why}</bdi>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section>
        <h2>What does not agree, or could not be compared</h2>
        <AuditFindings findings={findings} />
      </section>
      <section>
        <h2>What this cannot show</h2>
        <Sentences of={limits} />
      </section>
      <div class="deeds">
        {file('site.html', 'Keep the page')}
        {file('site.json', 'Keep all entries')}
      </div>
    </>
  );
}

function Left({ left }: Pick<Site, 'left'>) {
  return (
    <section class="scroll" aria-label="What left">
      <table>
        <thead>
          <tr>
            <th scope="col">what</th>
            <th scope="col">times</th>
            <th scope="col">in all</th>
            <th scope="col">by</th>
            <th scope="col">to</th>
          </tr>
        </thead>
        <tbody>
          {left.map(({ place, what, means, to, count: times, bytes: size }) => (
            <tr key={`${place} ${what} ${to}`}>
              <th scope="row">
                <bdi>{what}</bdi>
                {means && <span class="quiet"> ({means})</span>}
              </th>
              <td>{count(times)}</td>
              <td>{bytes(size)}</td>
              <td>{place}</td>
              <td class="why">
                <bdi>{to}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
