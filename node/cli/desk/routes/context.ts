// What the routes answer from.

import type { SiteReport } from '../../../audit/index.ts';
import type { DeskAccounts } from '../accounts.ts';
import type { AuditBook } from '../audits/audits.ts';
import type { KeptFiles } from '../files/kept_files.ts';
import type { HostedBook } from '../hosted/hosted.ts';
import type { MarketView } from '../market/read_market.ts';
import type { ModelBook } from '../models/models.ts';
import type { DeskPlace } from '../place.ts';
import type { Planner } from '../plans/planner.ts';
import type { RunBook } from '../runs/runs.ts';

export interface DeskContext {
  readonly place: DeskPlace;
  /** The market of the open place. @throws Refusal `unavailable` while none is open. */
  market(): MarketView;
  readonly files: KeptFiles;
  /** The keystore's; undefined in the example, which has its own account. */
  readonly accounts: DeskAccounts | undefined;
  /** The accounts' roles; undefined while the place is not open. */
  runs(): RunBook | undefined;
  /** The audits of the open place. @throws Refusal `unavailable` while none is open. */
  audits(): AuditBook;
  /** The models of the open place. @throws Refusal `unavailable` while none is open. */
  models(): ModelBook;
  /** Who plans tasks here. @throws Refusal `unavailable` while no place is open */
  planner(): Planner;
  /** What is given to hosts. @throws Refusal `unavailable` while no place is open, `not-found` in the example */
  hosted(): Promise<HostedBook>;
  /** Audits what left this machine in the account's name. @throws Refusal `not-found` where nothing did */
  auditSite(): Promise<SiteReport>;
  /** Hears that what the page shows may have changed. @returns what takes this back */
  listen(
    hear: (what: 'place' | 'market' | 'runs' | 'audits' | 'models' | 'hosted' | 'plans') => void,
  ): () => void;
}
