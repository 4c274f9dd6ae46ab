// A role that can die between any two of its writes: everything of it that lasts or leaves it (files, contents, calls)
// passes through here one by one, and its fate decides what becomes of each.
import { createHash } from 'node:crypto';
import type { SubmissionCall, SumCall, TaskCalls } from '../../node/chain/index.ts';
import type { Disguise, RoleContext } from '../../node/roles/index.ts';
import type { ContentStore } from '../../node/store/index.ts';

/** One thing that lasts, or leaves the role. */
export interface Effect {
  readonly kind: 'write' | 'remove' | 'put' | 'call';
  /** Of the file or the call, with the round or epoch of a call; a content has none. */
  readonly name: string;
  /** Of the bytes, or of what is fixed of a call: proofs are other bytes every time they are made. */
  readonly digest: string;
}

/**
 * What becomes of an effect. `torn`: the role dies while it writes, and half a file is left; `full`: there is no space,
 * and the role lives.
 */
export type Fate = 'lives' | 'dies before' | 'torn' | 'dies after' | 'full';

/** Decides a member's fate, over all of its lives. */
export interface Fates {
  /** Of an effect that is due. */
  of(effect: Effect): Fate;
  /** Hears of an effect that came about. @param dead whether another one has killed the role meanwhile. */
  done(effect: Effect, dead: boolean): void;
  /** Hears that the role is dead; it does nothing any more. @param torn what it was writing. */
  died(torn: Effect | undefined): void;
}

/** A dead role's calls end so. */
class Killed extends Error {
  constructor() {
    super('killed');
  }
}

const noSpace = (): Error =>
  Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });

/** What a store is told of a content beside its bytes. */
type Rest = Parameters<ContentStore['put']> extends [unknown, ...infer Others] ? Others : never;

/** Calls of which most come to nothing: an effect only where they resolve to true. */
const attempts: ReadonlySet<string> = new Set<keyof TaskCalls>(['advance', 'draw', 'leaveOut']);
const calls: readonly (keyof TaskCalls)[] = [
  ...([
    'revealSecret',
    'registerKeys',
    'deal',
    'reject',
    'confirmKey',
    'announce',
    'propose',
    'submit',
  ] as const),
  ...([
    'voteToExclude',
    'draw',
    'leaveOut',
    'inspect',
    'submitSum',
    'abstain',
    'commitVote',
    'revealVote',
  ] as const),
  ...(['proveAlignment', 'fileDispute', 'executeDispute', 'overturnDispute', 'advance'] as const),
];

/** One life of a role under these fates. */
export function mortal(fates: Fates): Disguise {
  let dead = false;
  const die = (torn?: Effect): never => {
    if (!dead) {
      dead = true;
      fates.died(torn);
    }
    throw new Killed();
  };

  async function through<Result>(effect: Effect, perform: () => Promise<Result>): Promise<Result> {
    if (dead) throw new Killed();
    const fate = fates.of(effect);
    if (fate === 'full') throw noSpace();
    if (fate === 'dies before') return die();
    if (fate === 'torn') return die(effect);
    const result = await perform();
    fates.done(effect, dead);
    return fate === 'dies after' ? die() : result;
  }

  const services = (own: RoleContext): RoleContext => {
    const { storage, store, chain } = own;
    const made = Object.fromEntries(
      calls.map((name) => {
        const call = chain[name].bind(chain) as (...args: unknown[]) => Promise<unknown>;
        const made = async (...args: unknown[]) => {
          if (dead) throw new Killed();
          const tried = attempts.has(name);
          const stage = tried ? stageOf(own) : '';
          const did = tried && (await call(...args));
          if (tried && !did) return false;
          const said = {
            kind: 'call',
            name: `${name}${nameOf(args)}${stage}`,
            digest: fixedOf(name, args),
          } as const;
          return through(said, async () => did || call(...args));
        };
        return [name, made];
      }),
    );
    return {
      ...own,
      chain: Object.create(chain, Object.getOwnPropertyDescriptors(made)),
      storage: {
        read: (name) => storage.read(name),
        write: (name, bytes) =>
          through({ kind: 'write', name, digest: digestOf(bytes) }, () => storage.write(name, bytes)),
        async remove(name) {
          if ((await storage.read(name)) === undefined) return;
          await through({ kind: 'remove', name, digest: '' }, () => storage.remove(name));
        },
      },
      store: Object.create(store, {
        put: {
          async value(bytes: Uint8Array, ...rest: Rest) {
            const digest = digestOf(bytes);
            // What is there is not written.
            if (await store.has(`0x${digest}`)) return store.put(bytes, ...rest);
            return through({ kind: 'put', name: contentName(bytes), digest }, () =>
              store.put(bytes, ...rest),
            );
          },
        },
      }),
    };
  };
  return { services };
}

const digestOf = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** Round, epoch, subject, topic, sum: all that tells one call of a role from another. */
const nameOf = (args: readonly unknown[]): string =>
  args
    .flatMap((arg) => {
      if (typeof arg !== 'object' || arg === null) return [arg];
      const { round, sender } = arg as { readonly round?: unknown; readonly sender?: unknown };
      return [round, sender];
    })
    .filter((arg) => typeof arg === 'number' || (typeof arg === 'string' && !/^0x[0-9a-f]{64,}$/i.test(arg)))
    .map((arg) => `/${arg}`)
    .join('');

const stageOf = ({ chain }: RoleContext): string => {
  const entry = chain.journal.rounds.at(-1);
  return `/${entry?.number ?? 0}/${entry?.phase ?? 'key'}`;
};

/** An address of a peer is another one in every life; all other contents are made once. */
const contentName = (bytes: Uint8Array): string =>
  bytes[0] === 0x7b && Buffer.from(bytes).includes('"peerSignature"') ? 'address' : 'content';

/** What a call says that must be the same whenever it is made: all but its proofs. */
function fixedOf(name: string, args: readonly unknown[]): string {
  const [first, second] = args;
  const said =
    name === 'submit'
      ? (second as SubmissionCall).chunks.map(({ commitment, h, digest }) => [commitment, h, digest])
      : name === 'submitSum'
        ? (second as SumCall).chunks.map(({ h, digest }) => [h, digest])
        : name === 'proveAlignment'
          ? [first].map((call) => ({ ...(call as object), chunks: undefined }))
          : args;
  return digestOf(JSON.stringify(said, (_, value) => (typeof value === 'bigint' ? `${value}` : value)) ?? '');
}
