// What the routes answer from.
import type { KeptFiles } from '../files/kept_files.ts';
import type { MarketView } from '../market/read_market.ts';
import type { DeskPlace } from '../place.ts';

export interface DeskContext {
  readonly place: DeskPlace;
  /** The market of the open place. @throws Refusal `unavailable` while none is open. */
  market(): MarketView;
  readonly files: KeptFiles;
  /** Hears that what the page shows may have changed. @returns what takes this back */
  listen(hear: (what: 'place' | 'market') => void): () => void;
}
