// A whole desk: its state, its place, its market, its server.
import { join } from 'node:path';
import { NodeError } from '../../errors.ts';
import { Refusal, type ServerAnswer } from '../../http/index.ts';
import { createClosers } from '../../local/closers.ts';
import { openState } from '../../state/index.ts';
import { takeModel } from '../model/take.ts';
import type { ProgramPlace } from '../open/host.ts';
import type { ReachedSettings } from '../open/reachability.ts';
import { auditLogs, findLogs } from '../open/site_audit.ts';
import { auditPosted } from '../open/task_audit.ts';
import { type AccountsSettings, type DeskAccounts, openAccounts } from './accounts.ts';
import { openAuditor } from './audits/auditor_key.ts';
import { type AuditBook, openAudits } from './audits/audits.ts';
import { createChanges } from './changes.ts';
import { openKeptFiles } from './files/kept_files.ts';
import { type HostedBook, openHosted } from './hosted/hosted.ts';
import { type MarketView, openMarket } from './market/read_market.ts';
import { type ModelBook, openModels } from './models/models.ts';
import { type OpenPlace, openPlace, type PlaceSettings } from './place.ts';
import { openPlanner, type Planner } from './plans/planner.ts';
import { accountRoutes } from './routes/account_routes.ts';
import { auditRoutes } from './routes/audit_routes.ts';
import type { DeskContext } from './routes/context.ts';
import { fileRoutes } from './routes/file_routes.ts';
import { hostedRoutes } from './routes/hosted_routes.ts';
import { marketRoutes } from './routes/market_routes.ts';
import { modelRoutes } from './routes/model_routes.ts';
import { planRoutes } from './routes/plan_routes.ts';
import { runRoutes } from './routes/run_routes.ts';
import { sessionRoutes } from './routes/session_routes.ts';
import { walletRoutes } from './routes/wallet_routes.ts';
import { ownOfExample, ownOfKeystore } from './runs/own.ts';
import { openRuns, type RunBook } from './runs/runs.ts';
import { openRunSite } from './runs/site.ts';
import { type DeskServer, serveDesk } from './serve.ts';
import { watchBlocks } from './watch_blocks.ts';

export type DeskSettings = Omit<PlaceSettings, 'accounts'> &
  AccountsSettings &
  ReachedSettings &
  ProgramPlace & {
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
    const auditor = await openAuditor(state);
    let [market, runs, audits, models, planner]: [MarketView?, RunBook?, AuditBook?, ModelBook?, Planner?] =
      [];
    // After the place has stopped: an audit at work ends with the chain that it reads.
    closers.add(async () => audits?.close());
    closers.add(async () => models?.close());
    const place = openPlace({ ...settings, accounts }, settings.say);
    closers.add(() => place.stop());
    const blocks = watchBlocks(() => place.open?.client);
    closers.add(() => blocks.stop());
    const changes = createChanges();
    const opened = () => {
      if (place.open) return place.open;
      throw new Refusal('unavailable', 'the chain is not open yet', { mend: 'Wait a little.' });
    };
    const auditChanges = createChanges();
    const modelChanges = createChanges();
    const hostedChanges = createChanges();
    let hosted: Promise<HostedBook> | undefined;
    closers.add(async () => (await hosted?.catch(() => undefined))?.close());
    const planChanges = createChanges();
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
        own: own ? ownOfKeystore(own, settings) : ownOfExample(open.example!),
        files,
        market: { description: (task: bigint) => context.market().description(task) },
      };
      const book = openRuns(kept, openRunSite(open, sources), changes.tell);
      await book.resumeAll();
      changes.tell();
      return { ...book, close: () => book.close().finally(() => kept.close()) };
    }
    /** What is given to hosts on a chain that was named, kept with what else is of it. */
    async function openHostedOf(open: OpenPlace): Promise<HostedBook> {
      if (open.example || !accounts)
        throw new Refusal('not-found', 'the example has no hosts: all of it is on this machine', {
          mend: 'Name a chain: `murmur open --deployment FILE --rpc URL`.',
        });
      const { chainId, marketplace } = open.deployment;
      const name = `${chainId}-${marketplace.toLowerCase()}`;
      const kept = await openState(join(deskFolder(settings.home), 'hosted', name));
      const book = openHosted({
        place: open,
        state: kept,
        files,
        market: { description: (task) => context.market().description(task) },
        account: () => accounts.chosen,
        unlocked: (account) => accounts.unlocked(account),
        changed: hostedChanges.tell,
      });
      return { ...book, close: () => book.close().finally(() => kept.close()) };
    }
    /** The audits of a place, below its home folder: those of the example end with it. */
    function auditsOf(open: OpenPlace): AuditBook {
      const { chainId, marketplace } = open.deployment;
      return openAudits({
        folder: join(open.settings.home, 'audits', `${chainId}-${marketplace.toLowerCase()}`),
        auditor,
        audit: (task, say) => auditPosted(open, task, say),
        changed: auditChanges.tell,
      });
    }
    /** The models of a place, below its home folder: those of the example end with it. */
    function modelsOf({ deployment, settings }: OpenPlace): ModelBook {
      const { chainId, marketplace } = deployment;
      return openModels({
        folder: join(settings.home, 'models', `${chainId}-${marketplace.toLowerCase()}`),
        take: async (task, say) => (await takeModel({ deployment, settings }, task, say)).parts,
        changed: modelChanges.tell,
      });
    }
    /** In the example an account of its own plans; elsewhere the one that is chosen. */
    function plannerOf(open: OpenPlace): Planner {
      const { example } = open;
      return openPlanner({
        place: open,
        preset: settings.preset,
        program: settings,
        market: context.market(),
        account: () => (example ? example.planner.account.address : open.account()),
        unlocked() {
          const account = open.account();
          return example ? example.planner : account && accounts?.unlocked(account);
        },
        changed: planChanges.tell,
      });
    }
    const context: DeskContext = {
      place,
      accounts,
      files,
      market: () => (market ??= openMarket(opened())),
      runs: () => runs,
      audits: () => (audits ??= auditsOf(opened())),
      models: () => (models ??= modelsOf(opened())),
      planner: () => (planner ??= plannerOf(opened())),
      hosted() {
        hosted ??= openHostedOf(opened()).catch((error: unknown) => {
          hosted = undefined;
          throw error;
        });
        return hosted;
      },
      async auditSite() {
        const open = opened();
        const { settings: at } = open;
        const account = open.account();
        if (!account)
          throw new Refusal('not-found', 'no account is chosen', { mend: 'Choose or make one in the page.' });
        const found = () =>
          findLogs(at.home, account).catch((error: unknown) => {
            if (!(error instanceof NodeError && error.code === 'input')) throw error;
            throw new Refusal('not-found', 'nothing has left this machine in the name of the account yet');
          });
        return auditLogs(
          open,
          async () => ({ account, logs: await found() }),
          () => undefined,
        );
      },
      listen(hear) {
        const takeBack = [
          place.listen(() => hear('place')),
          chosen.listen(() => hear('place')),
          blocks.listen(() => hear('market')),
          changes.listen(() => hear('runs')),
          auditChanges.listen(() => hear('audits')),
          modelChanges.listen(() => hear('models')),
          hostedChanges.listen(() => hear('hosted')),
          planChanges.listen(() => hear('plans')),
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
      ...auditRoutes(context),
      ...modelRoutes(context),
      ...planRoutes(context),
      ...walletRoutes(context),
      ...hostedRoutes(context),
    ]);
    closers.add(() => server.stop());
    return { ...server, stop: () => closers.close() };
  } catch (error) {
    await closers.close().catch(() => undefined);
    throw error;
  }
}
