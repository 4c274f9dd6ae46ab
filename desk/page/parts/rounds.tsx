// The rounds of an account in a task: how good the model got, which way its updates pointed, what each paid and why.
import type { Run } from '../../api/run.ts';
import { amount } from '../format.ts';
import { Chart } from './chart.tsx';

type Of = Pick<Run, 'history' | 'movements'>;

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

export function Charts({ run: { history } }: { readonly run: Of }) {
  if (history.length === 0) return null;
  const rounds = history.map(({ round }) => round);
  return (
    <div class="charts">
      <Chart
        title="Accuracy, by the validators"
        rounds={rounds}
        values={history.map(({ accuracy }) => accuracy)}
        show={(value) => `${Math.round(value * 100)} %`}
        range={[0, 1]}
      />
      <Chart
        title="My update’s cosine with what was new"
        rounds={rounds}
        values={history.map(({ cosine }) => cosine)}
        show={(value) => value.toFixed(1)}
        range={[-1, 1]}
      />
    </div>
  );
}

export function Rounds({ run: { history, movements } }: { readonly run: Of }) {
  if (history.length === 0) return null;
  const why = (round: number) =>
    movements.filter((movement) => movement.round === round).map(({ kind, rule }) => `${kind}: ${rule}`);
  return (
    <section>
      <h2>Rounds</h2>
      <section class="scroll" aria-label="Rounds">
        <table>
          <thead>
            <tr>
              <th scope="col">round</th>
              <th scope="col">model</th>
              <th scope="col">accuracy</th>
              <th scope="col">my cosine</th>
              <th scope="col">my reward</th>
              <th scope="col">why</th>
            </tr>
          </thead>
          <tbody>
            {history.map(({ round, outcome, accuracy, cosine, struck, reward }) => (
              <tr key={round}>
                <th scope="row">{round}</th>
                <td>{outcome}</td>
                <td>{accuracy === undefined ? '' : percent(accuracy)}</td>
                <td>
                  {cosine?.toFixed(2)} {struck && <span class="chip not">struck</span>}
                </td>
                <td>{reward === '0' ? '' : amount(reward)}</td>
                <td class="why">{why(round).join('; ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
