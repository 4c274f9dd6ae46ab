// The roles of the desk's accounts: joined, run, stopped, gone on with after a start; closing the page stops none.
import type { Run } from '@murmuration/desk';
import { type Address, type Hex, isAddressEqual } from 'viem';
import { z } from 'zod';
import { Refusal } from '../../../http/index.ts';
import { readingOptions } from '../../../learn/index.ts';
import type { Member } from '../../../roles/index.ts';
import { createTurns, type DocumentForm, type State } from '../../../state/index.ts';
import type { RoleAtWork } from '../../member/role_at_work.ts';
import { type Fault, faultOf } from '../../output/fault.ts';
import { refusing } from '../refuse.ts';
import { createFigures, type RunFigures } from './figures.ts';
import type { RunSite } from './site.ts';

const rememberedSchema = z.strictObject({
  task: z.string().regex(/^\d{1,18}$/),
  /** The name of its task when it was joined. */
  name: z.string(),
  role: z.enum(['trainer', 'validator']),
  account: z
    .custom<Address>((value) => typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value))
    .optional(),
  owner: z
    .custom<Address>((value) => typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value))
    .optional(),
  stake: z
    .string()
    .regex(/^\d{1,78}$/)
    .optional(),
  listing: z
    .strictObject({
      weight: z.int(),
      proof: z
        .array(z.custom<Hex>((value) => typeof value === 'string' && /^0x[0-9a-f]{64}$/i.test(value)))
        .readonly(),
    })
    .optional(),
  file: z.uuid().optional(),
  reading: readingOptions,
  acceptRisks: z.boolean(),
  /** Whether it is to work whenever the desk does. */
  works: z.boolean(),
});
/** A run as it is remembered. */
export type Remembered = z.output<typeof rememberedSchema>;

const form: DocumentForm<readonly Remembered[]> = {
  name: 'runs',
  version: 2,
  schema: z.array(rememberedSchema).readonly(),
  // Before, there was the example alone.
  migrations: {
    1: (old) =>
      (old as ({ dropFaulty: boolean } & object)[]).map(({ dropFaulty, ...run }) => ({
        ...run,
        role: 'trainer',
        reading: { absent: [], decimal: '.', dropFaulty },
      })),
  },
};

/** The runs of a desk. */
export interface RunBook {
  list(): Promise<Run[]>;
  /** Takes the seat and works, behind the answer. @throws Refusal `not-ready` where it works already, or is locked */
  begin(run: Omit<Remembered, 'works'>): Promise<void>;
  /** Works on after a stop or a failure. @throws Refusal `not-found`, `not-ready` */
  resume(task: string): Promise<void>;
  /** What was asked for with a role. @throws Refusal `not-found` */
  wish(task: string): Promise<Remembered>;
  /** Gives up a seat that still waits for the signature of its owner. @throws Refusal `not-found`, `not-ready` */
  forget(task: string): Promise<void>;
  /** Ends the work in order; the seat stays, and its duties are missed meanwhile. @throws Refusal `not-found` */
  stop(task: string): Promise<void>;
  /**
   * Takes an application back, or gets out what is due.
   * @returns what was done, in words
   * @throws Refusal `not-found`, `not-ready` with the reason
   */
  leave(task: string): Promise<string[]>;
  /** Goes on with what worked when the desk was stopped; what is locked waits. */
  resumeAll(): Promise<void>;
  /** Tasks in which this account is at work, by what this process knows. */
  working(account: string): Promise<readonly string[]>;
  /** Goes on with what has waited for this account. */
  unlocked(account: string): Promise<void>;
  /** Stops all, which go on at the next start. */
  close(): Promise<void>;
}

/** One run in this process. */
interface Life<M> {
  readonly task: string;
  readonly figures: RunFigures;
  state: Run['state'];
  fault?: Fault;
  member?: M;
  work?: RoleAtWork;
  /** While the owner's signature is awaited. */
  asksAgain?: NodeJS.Timeout;
}

/** Milliseconds between two looks for what the owner's signature brings. */
const ownerPause = 1000;

const isBusy = ({ state }: Pick<Life<unknown>, 'state'>) =>
  state === 'joining' || state === 'working' || state === 'stopping';

/**
 * @param state of the place, with which its runs end.
 * @param changed hears that a run stands otherwise than before.
 */
export function openRuns<M extends Pick<Member, 'close'>>(
  state: State,
  site: RunSite<M>,
  changed: () => void,
): RunBook {
  const document = state.document(form);
  const lives = new Map<string, Life<M>>();
  const turns = createTurns();
  let closed = false;

  const remembered = async () => (await document.read()) ?? [];
  const remember = (run: Remembered) =>
    document.update((runs = []) => [...runs.filter(({ task }) => task !== run.task), run]);
  async function find(task: string): Promise<Remembered> {
    const found = (await remembered()).find((run) => run.task === task);
    if (!found) throw new Refusal('not-found', `no role of this desk is in task ${task}`);
    return found;
  }
  function lifeOf(task: string): Life<M> {
    const known = lives.get(task);
    if (known) return known;
    const life: Life<M> = { task, figures: createFigures(changed), state: 'stopped' };
    lives.set(task, life);
    return life;
  }
  function set(life: Life<M>, to: Run['state']): void {
    life.state = to;
    changed();
  }
  /** One thing after the other: a stop during a start waits for it. */
  const inTurn = ({ task }: Life<M>, act: () => Promise<void>): Promise<void> => turns.take(task, act);

  /** Ends the work and lets go of the account's state. */
  async function end(life: Life<M>): Promise<void> {
    const { work, member } = life;
    delete life.work;
    delete life.member;
    try {
      await work?.stop();
    } finally {
      await member?.close();
    }
  }

  async function fail(life: Life<M>, error: unknown): Promise<void> {
    await end(life).catch(() => undefined);
    life.fault = faultOf(error);
    set(life, 'failed');
  }

  /** Joins where that is still to be done, and works. What fails is the run's fault. */
  async function live(run: Remembered): Promise<void> {
    if (closed) return;
    const life = lifeOf(run.task);
    clearTimeout(life.asksAgain);
    delete life.fault;
    if (!site.isUnlocked(run)) return set(life, 'locked');
    try {
      if (!(await site.isCovered(run))) return await awaitOwner(run, life);
      set(life, 'joining');
      const { say, observe } = life.figures;
      life.member = await site.member(run, observe);
      const work = await site.begin(run, life.member, { say, observe });
      life.work = work;
      set(life, 'working');
      work.over.then(
        () => inTurn(life, () => finish(run, life, work)),
        (error: unknown) =>
          inTurn(life, async () => {
            if (life.work === work) await fail(life, error);
          }),
      );
    } catch (error) {
      await fail(life, error);
    }
  }

  /** The page need not be open when the owner's transaction is mined. */
  function awaitOwner(run: Remembered, life: Life<M>): void {
    if (closed) return;
    if (life.state !== 'unsigned') set(life, 'unsigned');
    life.asksAgain = setTimeout(
      () =>
        void inTurn(life, async () => {
          if (life.state === 'unsigned') await live(run);
        }),
      ownerPause,
    );
  }

  async function finish(run: Remembered, life: Life<M>, work: RoleAtWork): Promise<void> {
    if (life.work !== work) return;
    await end(life);
    await remember({ ...run, works: false });
    life.figures.say('the task is over');
    set(life, 'over');
  }

  async function view(run: Remembered): Promise<Run> {
    const { task, name, role } = run;
    const { figures, state, fault, member } = lifeOf(task);
    const onChain = await site.look(run, member);
    const { steps, proofs } = figures;
    const owner = run.owner ?? onChain.owner;
    return { ...onChain, owner, name, role, state, steps: [...steps], proofs, ...(fault && { fault }) };
  }

  async function begin(run: Omit<Remembered, 'works'>): Promise<void> {
    const life = lifeOf(run.task);
    if (isBusy(life)) throw new Refusal('not-ready', `task ${run.task} is worked on already`);
    if (!site.isUnlocked(run))
      throw new Refusal('not-ready', `account ${run.account} is locked`, {
        mend: 'Unlock it with its password.',
      });
    life.state = 'joining';
    const begun = { ...run, works: true };
    await remember(begun);
    void inTurn(life, () => live(begun));
  }

  return {
    list: async () => Promise.all((await remembered()).map(view)),
    begin,
    async resume(task) {
      const { works: _, ...run } = await find(task);
      await begin(run);
    },
    wish: find,
    async forget(task) {
      await find(task);
      const life = lifeOf(task);
      await inTurn(life, async () => {
        if (life.state !== 'unsigned')
          throw new Refusal('not-ready', `the seat in task ${task} waits for no signature`, {
            mend: 'Stop it, and leave.',
          });
        clearTimeout(life.asksAgain);
        lives.delete(task);
        await document.update((runs = []) => runs.filter((run) => run.task !== task));
      });
      changed();
    },
    async stop(task) {
      const run = await find(task);
      const life = lifeOf(task);
      await remember({ ...run, works: false });
      await inTurn(life, async () => {
        clearTimeout(life.asksAgain);
        if (life.state === 'locked' || life.state === 'unsigned') set(life, 'stopped');
        if (!life.work) return;
        set(life, 'stopping');
        await end(life);
        life.figures.say('stopped: until it goes on, it misses its duties');
        set(life, 'stopped');
      });
    },
    async leave(task) {
      const run = await find(task);
      const life = lifeOf(task);
      if (isBusy(life))
        throw new Refusal('not-ready', `task ${task} is worked on`, { mend: 'Stop it first.' });
      let done: string[] = [];
      await inTurn(life, async () => {
        try {
          await refusing('not-ready', async () => {
            life.member = await site.member(run, life.figures.observe);
            done = await site.leave(run, life.member);
          });
          for (const text of done) life.figures.say(text);
        } finally {
          await end(life);
        }
      });
      return done;
    },
    async resumeAll() {
      for (const run of await remembered()) if (run.works) void inTurn(lifeOf(run.task), () => live(run));
    },
    async working(account) {
      const own = (await remembered()).filter(
        (run) => run.account && isAddressEqual(run.account, account as Address),
      );
      return own.filter(({ task }) => isBusy(lifeOf(task))).map(({ task }) => task);
    },
    async unlocked(account) {
      for (const run of await remembered())
        if (
          run.account &&
          isAddressEqual(run.account, account as Address) &&
          lifeOf(run.task).state === 'locked'
        )
          void inTurn(lifeOf(run.task), () => live(run));
    },
    async close() {
      closed = true;
      for (const { asksAgain } of lives.values()) clearTimeout(asksAgain);
      await Promise.all([...lives.values()].map((life) => inTurn(life, () => end(life))));
    },
  };
}
