// What commands print: lines for people, or JSON for machines.
import { visible } from './visible.ts';

/** JSON of one line; amounts beyond 2^53 are decimal strings. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? item.toString() : item));

/** Prints a result: as JSON when asked for, else as text. */
export function print(json: boolean, result: unknown, text: string): void {
  console.log(json ? toJson(result) : visible(text));
}

/** Whole tokens with up to four decimals. */
export function tokens(amount: bigint): string {
  const scaled = amount / 10n ** 14n;
  const [whole, part] = [scaled / 10_000n, scaled % 10_000n];
  return part === 0n ? `${whole}` : `${whole}.${part.toString().padStart(4, '0').replace(/0+$/, '')}`;
}

/** Wei as ether, with up to six decimals. */
export function ether(wei: bigint): string {
  const micro = Number(wei / 10n ** 12n);
  return `${(micro / 1e6).toFixed(6).replace(/\.?0+$/, '')} ether`;
}

/** A moment of the chain, in seconds. */
export const moment = (seconds: bigint): string =>
  seconds === 0n ? 'none' : new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z');

/** A share as people read it. */
export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** A line of a log, with the time of day. */
export const stamped = (text: string): string =>
  `${new Date().toISOString().slice(11, 19)}  ${visible(text)}`;

/** Cells of one line, each padded to its width. A negative width puts the text at the left, as in printf. */
export function columns(...cells: readonly (readonly [text: string | number, width: number])[]): string {
  return cells
    .map(([text, width]) => (width < 0 ? `${text}`.padEnd(-width) : `${text}`.padStart(width)))
    .join('');
}
