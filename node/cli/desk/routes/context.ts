// What the routes answer from.
import type { KeptFiles } from '../files/kept_files.ts';
import type { MarketView } from '../market/read_market.ts';
import type { DeskPlace } from '../place.ts';
import type { RunBook } from '../runs/runs.ts';

export interface DeskContext {
  readonly place: DeskPlace;
  /** The market of the open place. @throws Refusal `unavailable` while none is open. */
  market(): MarketView;
  readonly files: KeptFiles;
  /** The account's roles; undefined while the example is not open, and on a chain that was named. */
  runs(): RunBook | undefined;
  /** Hears that what the page shows may have changed. @returns what takes this back */
  listen(hear: (what: 'place' | 'market' | 'runs') => void): () => void;
}
