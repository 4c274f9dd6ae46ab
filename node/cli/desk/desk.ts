// A whole desk: its state, its place, its market, its server.
import { join } from 'node:path';
import { Refusal, type ServerAnswer } from '../../http/index.ts';
import { createClosers } from '../../local/closers.ts';
import { openState } from '../../state/index.ts';
import type { ReachedSettings } from '../open/reachability.ts';
import { type AccountsSettings, type DeskAccounts, openAccounts } from './accounts.ts';
import { createChanges } from './changes.ts';
import { openKeptFiles } from './files/kept_files.ts';
import { type MarketView, openMarket } from './market/read_market.ts';
import { type OpenPlace, openPlace, type PlaceSettings } from './place.ts';
import { accountRoutes } from './routes/account_routes.ts';
import type { DeskContext } from './routes/context.ts';
import { fileRoutes } from './routes/file_routes.ts';
import { marketRoutes } from './routes/market_routes.ts';
import { runRoutes } from './routes/run_routes.ts';
import { sessionRoutes } from './routes/session_routes.ts';
import { ownOfExample, ownOfKeystore } from './runs/own.ts';
import { openRuns, type RunBook } from './runs/runs.ts';
import { openRunSite } from './runs/site.ts';
import { type DeskServer, serveDesk } from './serve.ts';
import { watchBlocks } from './watch_blocks.ts';

export type DeskSettings = Omit<PlaceSettings, 'accounts'> &
  AccountsSettings &
  ReachedSettings & {
    /** 0: any that is free. */
    readonly port: number;
    /** Hears of what is being opened. */
    readonly say: (text: string) => void;
    readonly onAnswer: (answer: ServerAnswer) => void;
  };

/** A running desk. */
export type Desk = Omit<DeskServer, 'stop'> & { stop(): Promise<void> };

/** The desk's folder below a home folder: its state, and the door by which a second start finds the first. */
export const deskFolder = (home: string): string => join(home, 'desk');

/**
 * Starts a desk. Its page is there at once; its place opens by and by.
 * @throws NodeError `state` while another process has the desk of this home folder.
 */
export async function openDesk(settings: DeskSettings): Promise<Desk> {
  const closers = createClosers();
  try {
    const state = await openState(deskFolder(settings.home));
    closers.add(() => state.close());
    const files = await openKeptFiles(state);
    const chosen = createChanges();
    const accounts =
      settings.deployment === undefined ? undefined : await openAccounts(settings, chosen.tell);
    const place = openPlace({ ...settings, accounts }, settings.say);
    closers.add(() => place.stop());
    const blocks = watchBlocks(() => place.open?.client);
    closers.add(() => blocks.stop());
    const changes = createChanges();
    const opened = () => {
      if (place.open) return place.open;
      throw new Refusal('unavailable', 'the chain is not open yet', { mend: 'Wait a little.' });
    };
    let [market, runs]: [MarketView?, RunBook?] = [];
    const resumed = place.settled.then(async () => {
      if (place.open) runs = await resumeRuns(place.open, accounts);
    });
    closers.add(async () => {
      await resumed;
      await runs?.close();
    });
    /** The runs of the example are kept with it; those of a chain that was named by that. */
    async function resumeRuns(open: OpenPlace, own: DeskAccounts | undefined): Promise<RunBook> {
      const { chainId, marketplace } = open.deployment;
      const folder = own
        ? join(deskFolder(settings.home), 'chains', `${chainId}-${marketplace.toLowerCase()}`)
        : join(open.settings.home, 'runs');
      const kept = await openState(folder);
      const sources = {
        own: own ? ownOfKeystore(own, settings) : ownOfExample(open.free!),
        files,
        market: { description: (task: bigint) => context.market().description(task) },
      };
      const book = openRuns(kept, openRunSite(open, sources), changes.tell);
      await book.resumeAll();
      changes.tell();
      return { ...book, close: () => book.close().finally(() => kept.close()) };
    }
    const context: DeskContext = {
      place,
      accounts,
      files,
      market: () => (market ??= openMarket(opened())),
      runs: () => runs,
      listen(hear) {
        const takeBack = [
          place.listen(() => hear('place')),
          chosen.listen(() => hear('place')),
          blocks.listen(() => hear('market')),
          changes.listen(() => hear('runs')),
        ];
        return () => {
          for (const each of takeBack) each();
        };
      },
    };
    const server = await serveDesk({ ...settings, cacheFolder: settings.cache }, (sessions, newLink) => [
      ...sessionRoutes(sessions, newLink),
      ...marketRoutes(context),
      ...accountRoutes(context),
      ...fileRoutes(context),
      ...runRoutes(context),
    ]);
    closers.add(() => server.stop());
    return { ...server, stop: () => closers.close() };
  } catch (error) {
    await closers.close().catch(() => undefined);
    throw error;
  }
}
