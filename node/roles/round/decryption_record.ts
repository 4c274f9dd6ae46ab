// The decryption record: what a trainer remembers of its decryptions, also over restarts. It opens no round
// to more than one sum of each number, no ciphertext to more than a few sets, and after sums that did not open
// no further sum of the same senders. Of sets and sums only the latest round is recorded: an earlier one is
// never opened again.

import { DecryptionLog, digest } from '@murmuration/he';
import { type Address, isAddress } from 'viem';
import { z } from 'zod';
import { addendsOf, type RoundEntry, sumsDue } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import { subjectOf, subjects } from '../../protocol/index.ts';
import { type RoleStorage, remembered } from '../runtime/storage.ts';

const name = 'decryptions';
const sum = z.int().nonnegative();
const sender = z.custom<Address>((value) => typeof value === 'string' && isAddress(value, { strict: false }));

/** A sum that did not open. */
const failure = z.strictObject({
  /** What it was a sum of. */
  subject: z.enum(subjects),
  /** All senders of the sum, in lower case and ascending. */
  senders: z.array(sender),
  /** How much speaks against them; at {@link mostCharge} no further sum of them all is opened. */
  charge: z.int().positive(),
});

const schema = z.strictObject({
  round: z.int().nonnegative(),
  /** SHA-256 over the SHA-256 of each of the sums' ciphertexts. */
  sums: z.string(),
  log: z.array(z.tuple([z.string(), z.array(z.string())])),
  /** Of each sum that it gave a share for, number and senders. */
  senders: z.array(z.tuple([sum, z.array(sender)])),
  /** Numbers of the sums of the round that this trainer saw open. */
  opened: z.array(sum),
  /** Those whose ciphertexts it saw to be at fault. */
  atFault: z.array(sum),
  failures: z.array(failure),
  /** How often a member's shares strayed. */
  stray: z.array(z.tuple([z.int().nonnegative(), z.int().positive()])),
});

type Recorded = z.output<typeof schema>;

/**
 * Sums of the same senders that may fail to open for a reason that is not clear: too few right shares were
 * there to tell. Where it is clear that ciphertexts are at fault, one is enough.
 */
export const mostCharge = 3;

/** The sums of a round that this trainer may decrypt. */
export interface RoundDecryption {
  /** The decryption enters its sets here. */
  readonly log: DecryptionLog;
  /** Writes the log. Call it before a share is shown. */
  save(): Promise<void>;
}

/** What a share is about to be given for. */
export interface SumsToOpen {
  readonly entry: Pick<RoundEntry, 'number' | 'submitted'>;
  /** By number, the ciphertexts of the sums that shares are given for. */
  readonly sums: ReadonlyMap<number, readonly Uint8Array[]>;
}

/** What the chain says of an earlier round. */
export interface PastRound {
  /** Whether so many members announced shares that they could have opened the sums. */
  readonly decrypted: boolean;
  /** Numbers of the sums that were proven. */
  readonly proven: readonly number[];
}

/** What a trainer sees of a round for whose sums it gave a share. */
export interface Findings {
  readonly opened: readonly number[];
  readonly atFault: readonly number[];
  /** How often each member's shares strayed, in all rounds so far. */
  readonly stray: ReadonlyMap<number, number>;
}

/** A trainer's record in its storage. */
export class DecryptionRecord {
  readonly #storage: RoleStorage;
  readonly #pastOf: (round: number) => Promise<PastRound>;

  /** @param pastOf what the chain says of a round that is over. */
  constructor(storage: RoleStorage, pastOf: (round: number) => Promise<PastRound>) {
    this.#storage = storage;
    this.#pastOf = pastOf;
  }

  /**
   * The sums that are due in a round and not to be opened, by number, with the reason: of all their senders an
   * earlier sum did not open, and none of them is out. Each opening of wrong ciphertexts may tell something of
   * the key.
   */
  async refused(entry: SumsToOpen['entry']): Promise<ReadonlyMap<number, NodeError>> {
    const failures = await this.#failuresBefore(entry.number);
    const refused = new Map<number, NodeError>();
    for (const number of sumsDue(entry)) {
      const senders = sendersOf(entry, number);
      const failure = failures.find(
        (each) =>
          each.charge >= mostCharge &&
          each.subject === subjectOf(number) &&
          each.senders.every((sender) => senders.includes(sender)),
      );
      if (failure) refused.set(number, refusal(entry.number, failure.senders));
    }
    return refused;
  }

  /**
   * Records which sums a round is opened to; call it before a share is made. Two sums of one round differ by
   * single updates, so a second one is refused, whatever led to it: a reorganisation, a stale view of the
   * chain, a chain that lies. So is a sum of {@link DecryptionRecord.refused}.
   * @throws NodeError `sum`
   */
  async begin({ entry, sums }: SumsToOpen): Promise<RoundDecryption> {
    const { number: round } = entry;
    const all = [...sums.values()].flat().map((ciphertext) => digest(ciphertext));
    const found = Buffer.from(digest(Buffer.concat(all))).toString('hex');
    const known = await this.#read();
    if (known && (known.round > round || (known.round === round && known.sums !== found)))
      throw new NodeError(
        'sum',
        `round ${round}: this trainer has decrypted ` +
          `${known.round === round ? 'another sum of it' : `round ${known.round} since`}; ` +
          'it gives no share, since two sums of a round show single updates',
        { keeps: 'decryption share' },
      );
    if (known?.round === round) return this.#decryption(known);
    const refused = await this.refused(entry);
    for (const number of sums.keys()) if (refused.has(number)) throw refused.get(number);
    const fresh: Recorded = {
      round,
      sums: found,
      log: [],
      senders: [...sums.keys()].map((number) => [number, sendersOf(entry, number)]),
      opened: [],
      atFault: [],
      failures: await this.#failuresBefore(round),
      stray: known?.stray ?? [],
    };
    await this.#write(fresh);
    return this.#decryption(fresh);
  }

  /** What speaks against senders by what became of all rounds before this one. */
  async #failuresBefore(round: number): Promise<Recorded['failures']> {
    const known = await this.#read();
    if (!known) return [];
    return known.round < round ? charged(known, await this.#pastOf(known.round)) : known.failures;
  }

  /** Notes what became of a round for whose sums this trainer gave a share. */
  async note(round: number, { opened, atFault, stray }: Findings): Promise<void> {
    const known = await this.#read();
    if (known?.round !== round) return;
    const next = { ...known, opened: [...opened], atFault: [...atFault], stray: [...stray] };
    if (JSON.stringify(next) !== JSON.stringify(known)) await this.#write(next);
  }

  /** How often each member's shares strayed. */
  async stray(): Promise<ReadonlyMap<number, number>> {
    return new Map((await this.#read())?.stray);
  }

  #decryption(recorded: Recorded): RoundDecryption {
    const log = new DecryptionLog(recorded.log);
    return {
      log,
      save: async () => {
        const known = (await this.#read()) ?? recorded;
        await this.#write({ ...known, log: log.entries() });
      },
    };
  }

  #read(): Promise<Recorded | undefined> {
    return remembered(this.#storage, name, (bytes) =>
      schema.parse(JSON.parse(new TextDecoder().decode(bytes))),
    );
  }

  #write(recorded: Recorded): Promise<void> {
    return this.#storage.write(name, new TextEncoder().encode(JSON.stringify(recorded)));
  }
}

const sendersOf = (entry: SumsToOpen['entry'], number: number): Address[] =>
  addendsOf(entry, number)
    .map(({ sender }) => sender.toLowerCase() as Address)
    .sort();

/** The failures after the recorded round, as it was seen and as the chain has it. */
function charged({ senders, opened, atFault, failures }: Recorded, past: PastRound): Recorded['failures'] {
  const after = failures.map((each) => ({ ...each }));
  for (const [number, all] of senders) {
    const clear = opened.includes(number) || past.proven.includes(number);
    if (clear || !(past.decrypted || atFault.includes(number))) continue;
    const charge = atFault.includes(number) ? mostCharge : 1;
    const subject = subjectOf(number);
    const known = after.find((each) => each.subject === subject && each.senders.join() === all.join());
    if (known) known.charge += charge;
    else after.push({ subject, senders: all, charge });
  }
  return after;
}

const refusal = (round: number, senders: readonly Address[]): NodeError =>
  new NodeError(
    'sum',
    `round ${round}: sums of all of ${senders.join(', ')} did not open; this trainer gives no share for ` +
      'another one, since openings of wrong ciphertexts may tell of the key',
    { mend: 'It decrypts again when one of them is out.', keeps: 'decryption share' },
  );
