// The evidence behind the disputes of a task, judged again.
import { reasonOf } from '@murmuration/core';
import { faultNames, judge, maxEvidence } from '../../disputes/index.ts';
import type { FormedKey, Setting } from './setting.ts';
import { courtOf } from './sums.ts';

/** Judges the evidence of every dispute that was filed. */
export async function auditEvidence(setting: Setting, key: FormedKey | undefined): Promise<void> {
  const { checks, contents, journal } = setting;
  for (const { culprit, evidence, fault, round, status } of journal.disputes.values()) {
    const name = faultNames[fault] ?? `fault ${fault}`;
    const about = { kind: 'dispute', subject: `${name}, ${culprit}`, round, artifact: evidence } as const;
    if (!key) {
      checks.leave(about, 'the common key cannot be formed, so nothing that rests on it can be judged');
      continue;
    }
    try {
      const content = await contents.of('evidence').get(evidence, { maxBytes: maxEvidence });
      const ruling = await judge(courtOf(setting, key, contents.of('evidence')), content);
      if (ruling.ruling === 'convicts') {
        checks.pass('dispute');
        if (status !== 'overturned')
          checks.name({
            account: culprit,
            round,
            what: 'disputed',
            text: `${name}, shown by evidence that was judged again`,
            shownBy: evidence,
          });
      } else if (ruling.ruling === 'open') checks.leave(about, ruling.reason);
      else checks.enter(about, status === 'overturned', `the evidence does not convict: ${ruling.reason}`);
    } catch (error) {
      checks.leave(about, reasonOf(error));
    }
  }
}
