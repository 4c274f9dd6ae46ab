// The page of an audit: everything of the report is on it, and nothing that runs or is fetched.
import { describe, expect, it } from 'vitest';
import { auditorOf } from '../../../node/audit/index.ts';
import { checkKindNames, checkKinds } from '../../../node/audit/kinds.ts';
import { renderAudit } from '../../../node/audit/report/page.ts';
import { sampleReport } from './sample_report.ts';

const { did } = auditorOf(new Uint8Array(32).fill(1));
const page = renderAudit(sampleReport, { did });

describe('the page of an audit', () => {
  it('says who, under what, what was checked and how, what failed and who did what', () => {
    for (const kind of checkKindNames) expect(page).toContain(checkKinds[kind].title);
    for (const text of [did, 'sent a false proof', 'ejected', 'roundReward', 'what single updates contain'])
      expect(page).toContain(text);
  });

  it('runs nothing, fetches nothing, and escapes what comes from outside', () => {
    expect(page).toContain("default-src 'none'; style-src 'unsafe-inline'");
    expect(page).not.toMatch(/<script|<img|<link|url\(|https?:\/\//);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });
});
