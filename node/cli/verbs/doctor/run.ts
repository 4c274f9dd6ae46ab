// The work of `murmur doctor`.
import { NodeError } from '../../../errors.ts';
import { type Examined, examine, type Practice, type Verdict } from '../../doctor/check.ts';
import type { DoctorSettings } from '../../doctor/flags.ts';
import { checks } from '../../doctor/index.ts';
import { openDeployment, openReader } from '../../open/deployment.ts';
import { toJson } from '../../output/format.ts';

const marks: Readonly<Record<Verdict, string>> = { ok: 'ok  ', note: 'note', bad: 'BAD ' };

/** Makes the checks of a member's home, or of a prover service. @throws NodeError `state` where one is bad. */
export async function diagnose(settings: DoctorSettings): Promise<void> {
  const { service, json, timeout } = settings;
  const whose = service ? 'service' : 'member';
  const practice: Practice = {
    settings,
    deployment: () => openDeployment(settings),
    client: async () => openReader(settings, await openDeployment(settings)),
  };
  const examined = await examine(
    checks.filter((check) => check.of.includes(whose)),
    practice,
    { timeout: timeout * 1000, tell: (finding) => !json && console.log(lineOf(finding)) },
  );
  const faults = examined.filter(({ verdict }) => verdict === 'bad');
  if (json) console.log(toJson({ ok: faults.length === 0, findings: examined }));
  const [first] = faults;
  if (first)
    throw new NodeError('state', `${faults.length} of ${examined.length} findings are to be mended`, {
      mend: `Begin with the first, ${first.check}: ${first.mend}`,
    });
}

const lineOf = ({ check, verdict, says, mend }: Examined): string =>
  `${marks[verdict]}  ${check}: ${says}${mend === undefined ? '' : `. ${mend}`}`;
