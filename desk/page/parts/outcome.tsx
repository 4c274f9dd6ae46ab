// What came of an audit, in one word and a sentence; and lists that every audit has.
import type { Site } from '../../api/audit.ts';

type Outcome = Site['outcome'];

const words: Readonly<Record<Outcome, readonly [chip: string, word: string]>> = {
  clean: ['fits', 'all holds'],
  incomplete: ['partly', 'not all could be checked'],
  failed: ['not', 'something does not hold'],
};

export function OutcomeChip({ outcome }: { readonly outcome: Outcome }) {
  const [chip, word] = words[outcome];
  return <span class={`chip ${chip}`}>{word}</span>;
}

interface AuditFindingsProps {
  readonly findings: readonly (Site['findings'][number] & { readonly round?: number | undefined })[];
}

export function AuditFindings({ findings }: AuditFindingsProps) {
  if (findings.length === 0) return <p>Nothing.</p>;
  return (
    <ul class="findings">
      {findings.map(({ verdict, title, round, about, why }, at) => (
        <li key={at}>
          <span class={`chip ${verdict === 'failed' ? 'not' : 'partly'}`}>
            {verdict === 'failed' ? 'fails' : 'not checked'}
          </span>
          <p>
            {title}
            {round !== undefined && `, round ${round}`}: <bdi>{about}</bdi>
          </p>
          <p class="quiet">
            <bdi>{why}</bdi>
          </p>
        </li>
      ))}
    </ul>
  );
}

export function Sentences({ of }: { readonly of: readonly string[] }) {
  return (
    <ul class="sentences">
      {of.map((sentence) => (
        <li key={sentence}>
          <bdi>{sentence}</bdi>
        </li>
      ))}
    </ul>
  );
}
