// Segments: ranges of coefficients of a ciphertext, for the ring all-reduce. Adding them needs no key and no
// SEAL.
//
//   header | weight (2) | from (2) | to (2) |
//     coefficients from..to-1 of c0 mod q0 | of c0 mod q1 | of c1 mod q0 | of c1 mod q1

import { ensure } from '../errors.ts';
import type { KeyGroup } from '../keys/group.ts';
import type { Parameters } from '../parameters.ts';
import type { Row } from '../ring/ring.ts';
import {
  checkWeight,
  ciphertextPrimes,
  decodeCiphertext,
  encodeCiphertext,
  type RingContext,
} from '../wire/ciphertext.ts';
import { encodeMessage, MessageReader, packRows, u16 } from '../wire/message.ts';

/** Coefficients `from` to `to - 1`. */
export interface SegmentRange {
  /** A multiple of 8 from 0. */
  readonly from: number;
  /** A multiple of 8 above `from`, at most N. */
  readonly to: number;
}

/** The part of a weighted ciphertext or partial sum that lies in a range. */
export interface Segment extends SegmentRange {
  /** Sum of the weights that are in it, from 1 to Wmax. */
  readonly weight: number;
  /** The coefficients of c0 mod q0, c0 mod q1, c1 mod q0 and c1 mod q1. */
  readonly rows: readonly Row[];
}

/** What a segment is taken from. */
export interface SegmentSource {
  /** The group that the ciphertext must be of. */
  readonly group: Pick<KeyGroup, 'id'>;
  /** A ciphertext on the wire: a fresh one or a sum. */
  readonly ciphertext: Uint8Array;
  /** The coefficients to take. */
  readonly range: SegmentRange;
  /** Factor of the ciphertext; 1 where it is left out. */
  readonly weight?: number;
}

function checkRange(params: Parameters, { from, to }: SegmentRange): void {
  ensure(
    [from, to].every((end) => Number.isInteger(end) && end % 8 === 0) &&
      from >= 0 &&
      from < to &&
      to <= params.ringDegree,
    'argument',
    () => `range is ${from} to ${to}, but 0 <= from < to <= N = ${params.ringDegree}, in steps of 8`,
  );
}

/**
 * Cuts the ring's N coefficients into `parts` ranges, whose lengths differ by 8 at most.
 * @param parts an integer from 1 to N / 8.
 * @throws HeError `argument` for any other number.
 */
export function segmentRanges(params: Parameters, parts: number): SegmentRange[] {
  const units = params.ringDegree / 8;
  ensure(
    Number.isInteger(parts) && parts >= 1 && parts <= units,
    'argument',
    () => `parts is ${parts}, but it is an integer from 1 to N / 8 = ${units}`,
  );
  const end = (part: number) => Math.floor((part * units) / parts) * 8;
  return Array.from({ length: parts }, (_, part) => ({ from: end(part), to: end(part + 1) }));
}

/**
 * The range of `weight` times a ciphertext.
 * @throws HeError `argument` for a bad range or a weight beyond Wmax; `wire` or `mismatch` for a bad
 *   ciphertext.
 */
export function takeSegment(
  context: RingContext,
  { group, ciphertext, range, weight = 1 }: SegmentSource,
): Segment {
  checkRange(context.params, range);
  checkWeight(context.params, weight);
  const decoded = decodeCiphertext(context, group.id, ciphertext);
  const total = checkWeight(context.params, weight * decoded.weight);
  const length = range.to - range.from;
  const rows = decoded.rows.map((row, index) =>
    context.ring.scaleAdd(
      row.slice(range.from, range.to),
      BigInt(weight),
      new BigUint64Array(length),
      ciphertextPrimes[index]!,
    ),
  );
  return { from: range.from, to: range.to, weight: total, rows };
}

/**
 * The sum of two segments of one range.
 * @throws HeError `argument` for different ranges or too much weight.
 */
export function addSegments(context: RingContext, a: Segment, b: Segment): Segment {
  ensure(
    a.from === b.from && a.to === b.to,
    'argument',
    () =>
      `segments are of ranges ${a.from} to ${a.to} and ${b.from} to ${b.to}, but only equal ranges add up`,
  );
  const weight = checkWeight(context.params, a.weight + b.weight);
  const rows = a.rows.map((row, index) =>
    context.ring.add(row.slice(), b.rows[index]!, ciphertextPrimes[index]!),
  );
  return { from: a.from, to: a.to, weight, rows };
}

/** A segment as bytes. */
export const encodeSegment = (
  { params, ring }: RingContext,
  group: Pick<KeyGroup, 'id'>,
  { weight, from, to, rows }: Segment,
): Uint8Array<ArrayBuffer> =>
  encodeMessage(
    'segment',
    params,
    group.id,
    u16(weight),
    u16(from),
    u16(to),
    packRows(ring, rows, ciphertextPrimes),
  );

/**
 * @throws HeError `wire` or `mismatch` unless `bytes` is a canonical segment of these parameters and this key
 *   group.
 */
export function decodeSegment(
  { params, ring }: RingContext,
  group: Pick<KeyGroup, 'id'>,
  bytes: Uint8Array,
): Segment {
  const reader = new MessageReader(bytes, { kind: 'segment', params }).expectContext(group.id, 'key group');
  const [weight, from, to] = [reader.u16(), reader.u16(), reader.u16()];
  ensure(
    weight >= 1 &&
      weight <= params.maxWeight &&
      from % 8 === 0 &&
      to % 8 === 0 &&
      from < to &&
      to <= params.ringDegree,
    'wire',
    () =>
      `a segment is of weight ${weight} and coefficients ${from} to ${to}, ` +
      `but Wmax is ${params.maxWeight}, N is ${params.ringDegree}, and both ends are multiples of 8`,
  );
  const rows = reader.rows(ring, to - from, ciphertextPrimes);
  reader.end();
  return { weight, from, to, rows };
}

/**
 * The ciphertext whose segments these are.
 * @throws HeError `argument` unless they cover every coefficient once, in order, with one weight.
 */
export function assembleSegments(
  context: RingContext,
  group: Pick<KeyGroup, 'id'>,
  segments: readonly Segment[],
): Uint8Array<ArrayBuffer> {
  const rows = ciphertextPrimes.map(() => context.ring.zero());
  const weight = segments[0]?.weight ?? 0;
  let at = 0;
  for (const segment of segments) {
    ensure(
      segment.from === at,
      'argument',
      () => `a segment starts at ${segment.from}, but the next coefficient is ${at}`,
    );
    ensure(
      segment.weight === weight,
      'argument',
      () => `segments are of weights ${weight} and ${segment.weight}, but all have that of the whole sum`,
      'Look for a hop of the ring that is missing or doubled.',
    );
    for (const [index, row] of segment.rows.entries()) rows[index]!.set(row, segment.from);
    at = segment.to;
  }
  ensure(
    at === context.ring.n,
    'argument',
    () => `segments end at ${at}, but the ring has N = ${context.ring.n} coefficients`,
  );
  return encodeCiphertext(context, group.id, { weight, rows });
}
