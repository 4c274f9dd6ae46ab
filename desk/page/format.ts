// Figures as people read them.

/** Digits of the whole part that are written out; a larger figure is written with its power of ten. */
const mostDigits = 15;
const thin = '\u202f';

/** An amount in the smallest unit as whole tokens or ether, with up to `decimals` decimals. */
export function amount(units: string, decimals = 4): string {
  const padded = units.padStart(19, '0');
  const whole = padded.slice(0, -18).replace(/^0+(?=\d)/, '');
  if (whole.length > mostDigits) return `${whole[0]}.${whole.slice(1, 3)} × 10^${whole.length - 1}`;
  const part = padded.slice(-18).slice(0, decimals).replace(/0+$/, '');
  if (whole === '0' && part === '' && /[1-9]/.test(units)) return `less than 0.${'0'.repeat(decimals - 1)}1`;
  return part ? `${grouped(whole)}.${part}` : grouped(whole);
}

/** Tokens, by their number. */
export const tokens = (units: string): string =>
  `${amount(units)} ${amount(units) === '1' ? 'token' : 'tokens'}`;

const grouped = (digits: string): string =>
  digits.length < 5 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, thin);

export const count = (value: number): string => grouped(String(value));

/** So many of something. */
export const plural = (value: number, one: string, several = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : several}`;

/** A duration in the largest units that say it. */
export function duration(seconds: number): string {
  if (seconds < 90) return plural(Math.round(seconds), 'second');
  if (seconds < 90 * 60) return plural(Math.round(seconds / 60), 'minute');
  if (seconds < 36 * 3600) return plural(Math.round(seconds / 3600), 'hour');
  return plural(Math.round(seconds / 86_400), 'day');
}

/** Bytes of a file. */
export function bytes(value: number): string {
  if (value < 1000) return plural(value, 'byte');
  if (value < 1e6) return `${(value / 1e3).toFixed(1)} kB`;
  return `${(value / 1e6).toFixed(1)} MB`;
}

/** An address short enough to recognise. */
export const short = (address: string): string => `${address.slice(0, 6)}…${address.slice(-4)}`;

export const isOpen = ({ status, trainers, validators }: Joinable): boolean =>
  status === 'open' && (trainers.taken < trainers.most || validators.taken < validators.most);

interface Joinable {
  readonly status: string;
  readonly trainers: { readonly taken: number; readonly most: number };
  readonly validators: { readonly taken: number; readonly most: number };
}

/** Tokens as somebody types them, in the smallest unit; undefined where it is no amount. */
export function units(text: string): string | undefined {
  const [, whole, part = ''] = /^(\d{1,40})(?:\.(\d{1,18}))?$/.exec(text.trim()) ?? [];
  return whole === undefined ? undefined : `${BigInt(whole + part.padEnd(18, '0'))}`;
}
