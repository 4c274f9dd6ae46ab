// The columns that a task asks for, and what a file makes of each.
import type { Match } from '../../api/file.ts';
import type { Column } from '../../api/task.ts';
import { count, plural } from '../format.ts';

interface ColumnsProps {
  readonly columns: readonly Column[];
  readonly target: Column;
  readonly match: Match | undefined;
}

const marks = { yes: '✓', partly: '~', no: '✕' } as const;

export function Columns({ columns, target, match }: ColumnsProps) {
  const all = [...columns, target];
  return (
    <section class="scroll" aria-label="Columns">
      <table>
        <thead>
          <tr>
            <th scope="col">column</th>
            <th scope="col">takes</th>
            {match && <th scope="col">in your file</th>}
          </tr>
        </thead>
        <tbody>
          {all.map(({ name, takes }, at) => {
            const fit = match?.columns[at];
            return (
              <tr key={name}>
                <th scope="row">
                  <bdi>{name}</bdi>
                  {at === columns.length && <span class="quiet"> (predicted)</span>}
                </th>
                <td>
                  <bdi>{takes}</bdi>
                </td>
                {match && (
                  <td class={`fit-${fit?.fits ?? 'no'}`}>
                    <span aria-hidden="true">{marks[fit?.fits ?? 'no']}</span>{' '}
                    <bdi>{fit?.says ?? 'not read'}</bdi>
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

export function Sayings({ match }: { readonly match: Match }) {
  return (
    <ul class="sentences">
      {[...match.says, ...match.mends].map((text) => (
        <li key={text}>
          <bdi>{text}</bdi>
        </li>
      ))}
      {match.fits === 'rows' && (
        <li>
          {count(match.usable)} of {plural(match.rows, 'row')} can be used; the others are left out.
        </li>
      )}
    </ul>
  );
}
