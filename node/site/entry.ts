// An entry of a site's log: what is about to leave, what became of it, what was refused, and the log's own course.
import { type Address, type Hex, isAddress } from 'viem';
import { z } from 'zod';
import { isDigest } from '../protocol/index.ts';

/**
 * Where something goes: the chain's node, the content store, another member's peer, a prover service, or a file that a
 * person hands on.
 */
export const places = ['chain', 'store', 'peer', 'prover', 'file'] as const;
/** One of {@link places}. */
export type Place = (typeof places)[number];

/**
 * What became of something that was about to leave. `unsure`: nobody was told, so it counts as left; `kept`: it did
 * not leave.
 */
export const fates = ['left', 'kept', 'unsure'] as const;
/** One of {@link fates}. */
export type Fate = (typeof fates)[number];

/** Characters of a text that comes from elsewhere: longer ones are cut. */
export const longestText = 300;

const count = z.int().nonnegative();
const text = z.string().max(longestText);
const digest = z.custom<Hex>((value) => typeof value === 'string' && isDigest(value), 'no digest');
const address = z.custom<Address>((value) => typeof value === 'string' && isAddress(value), 'no account');
const course = { n: count, at: z.iso.datetime() };

/** One entry. Members are written in the order of this schema. */
export const entrySchema = z.discriminatedUnion('kind', [
  /** A process has opened the log. */
  z.strictObject({
    ...course,
    kind: z.literal('opened'),
    account: address,
    chain: z.int().positive(),
    /** The deployment's marketplace. */
    contract: address,
    /** Transactions of the account that the chain had by then. */
    sent: count,
    software: text,
    /** Random, so that the heads that the chain shows tell nothing of what is in the log. */
    salt: digest,
  }),
  /** The first entry of every file but the first. */
  z.strictObject({ ...course, kind: z.literal('continued'), file: z.int().min(2), previous: digest }),
  /** A torn end of the file, which a crash had left, was cut off: nothing of it had left. */
  z.strictObject({ ...course, kind: z.literal('mended'), bytes: z.int().positive(), digest }),
  /** Something is about to leave. */
  z.strictObject({
    ...course,
    kind: z.literal('leaves'),
    place: z.enum(places),
    what: text,
    /** A contract, an account, a store or the address of a service. */
    to: text,
    bytes: count,
    /** SHA-256 of it; of a transaction that of its call data without the anchor. */
    digest,
    /** 0 before the first round. */
    round: count,
    /** Of a transaction its nonce; null of all else. */
    nonce: count.nullable(),
  }),
  /** What became of earlier entries. */
  z.strictObject({
    ...course,
    kind: z.literal('became'),
    of: z
      .array(
        z.strictObject({
          n: count,
          fate: z.enum(fates),
          /** Of a transaction its hash, once it is known. */
          as: digest.nullable(),
          why: text,
        }),
      )
      .min(1),
  }),
  /** Something was refused, `times` times since the log last said so. */
  z.strictObject({
    ...course,
    kind: z.literal('refused'),
    what: text,
    to: text,
    why: text,
    round: count,
    times: z.int().positive(),
  }),
  /** The process has closed the log. */
  z.strictObject({ ...course, kind: z.literal('closed') }),
]);

/** An entry. */
export type Entry = z.output<typeof entrySchema>;
/** An entry of one kind. */
export type EntryOf<Kind extends Entry['kind']> = Extract<Entry, { readonly kind: Kind }>;

type Bare<E> = E extends Entry ? Omit<E, 'n' | 'at'> : never;
/** An entry before it has its number and time. */
export type NewEntry = Bare<Entry>;

/** A text from elsewhere as entries have it. */
export const shortened = (value: string): string => value.toWellFormed().slice(0, longestText);
