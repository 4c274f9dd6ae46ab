// What the text of a flag has to be, and what it becomes. Nothing of the command line is used unparsed.
import { resolve } from 'node:path';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { Address, Hex } from 'viem';
import type { TableSource } from '../../learn/index.ts';

/** A rule of one text. */
export interface Rule<T> {
  /** The rule in words; it continues "but it must be: ". */
  readonly must: string;
  /** The value, or undefined where the text breaks the rule. */
  read(text: string): T | undefined;
  /** The path of the file or folder that a value names, of rules whose values name any. */
  file?(value: T): string | undefined;
}

/** Any text of a length. */
export function text(longest: number, must = `a text of at most ${longest} characters`): Rule<string> {
  return { must, read: (given) => (given.length > 0 && given.length <= longest ? given : undefined) };
}

/** A text of a form. @param form matches the whole text. */
export function textLike(form: RegExp, must: string): Rule<string> {
  return { must, read: (given) => (form.test(given) ? given : undefined) };
}

/** A path, made absolute. */
export const path: Rule<string> = {
  must: 'a path',
  read: (given) => (given.length > 0 && given.length <= 4096 ? resolve(given) : undefined),
  file: (value) => value,
};

/** An integer in a range, both ends included. */
export function whole(low: number, high: number): Rule<number> {
  return {
    must:
      high < Number.MAX_SAFE_INTEGER ? `a whole number from ${low} to ${high}` : `a whole number from ${low}`,
    read(given) {
      const value = /^-?\d{1,16}$/.test(given) ? Number(given) : Number.NaN;
      return value >= low && value <= high && Number.isSafeInteger(value) ? value : undefined;
    },
  };
}

/** A share in (0, 1]. */
export const share: Rule<number> = {
  must: 'a number above 0, at most 1, such as 0.04',
  read(given) {
    const value = /^\d(\.\d{1,15})?$/.test(given) ? Number(given) : Number.NaN;
    return value > 0 && value <= 1 ? value : undefined;
  },
};

/** One of some words. */
export function oneOf<const W extends string>(...words: readonly W[]): Rule<W> {
  return { must: listed(words, 'or'), read: (given) => words.find((word) => word === given) };
}

/** Some of some words, with commas between. */
export function someOf<const W extends string>(...words: readonly W[]): Rule<readonly W[]> {
  const one = oneOf(...words);
  return {
    must: `${listed(words, 'and')}; one or several, with commas between`,
    read(given) {
      const read = given.split(',').map(one.read);
      return read.every((word) => word !== undefined) && read.length <= words.length ? read : undefined;
    },
  };
}

/** Words as people list them. */
export function listed(words: readonly string[], last: 'and' | 'or'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

/** A setting of a program: a name and its value, a number, true, false, or else a text. */
export const programSetting: Rule<readonly [name: string, value: string | number | boolean]> = {
  must: 'a name and its value, such as hidden=16',
  read(given) {
    const [, name, value] = /^([A-Za-z]\w{0,63})=(.{1,1000})$/.exec(given) ?? [];
    if (name === undefined || value === undefined) return undefined;
    if (value === 'true' || value === 'false') return [name, value === 'true'];
    return [name, /^-?\d+(\.\d+)?(e-?\d+)?$/.test(value) ? Number(value) : value];
  },
};

/** The number of a task. */
export const taskNumber: Rule<bigint> = {
  must: 'the number of a task, from 1',
  read: (given) => (/^[1-9]\d{0,17}$/.test(given) ? BigInt(given) : undefined),
};

/** Tokens with up to 18 decimals, as a number of the smallest unit. */
export const amount: Rule<bigint> = {
  must: 'an amount of tokens, such as 100 or 0.5',
  read(given) {
    const found = /^(\d{1,15})(?:\.(\d{1,18}))?$/.exec(given);
    if (!found) return undefined;
    const [, tokens = '', decimals = ''] = found;
    return BigInt(tokens) * 10n ** 18n + BigInt(decimals.padEnd(18, '0'));
  },
};

/** An account, in lower case or with the checksum of EIP-55; it comes out with the checksum. */
export const address: Rule<Address> = {
  must: 'an address: 0x and 40 hexadecimal digits',
  read(given) {
    if (!/^0x[0-9a-fA-F]{40}$/.test(given)) return undefined;
    const sure = checksummed(given);
    return given === sure || given === given.toLowerCase() ? sure : undefined;
  },
};

/**
 * EIP-55: a letter is a capital where the digit of the hash in its place is 8 or more. viem has the same, but
 * takes 0.2 s to load.
 */
function checksummed(given: string): Address {
  const digits = given.slice(2).toLowerCase();
  const hash = keccak_256(utf8ToBytes(digits));
  const capital = (at: number) => ((hash[at >> 1]! >> (at % 2 === 0 ? 4 : 0)) & 15) >= 8;
  return `0x${[...digits].map((digit, at) => (capital(at) ? digit.toUpperCase() : digit)).join('')}`;
}

/** The digest of a content, with 0x before it or without. */
export const digest: Rule<Hex> = {
  must: 'a digest: 64 hexadecimal digits, with 0x before them or not',
  read(given) {
    const [, digits] = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(given) ?? [];
    return digits === undefined ? undefined : `0x${digits.toLowerCase()}`;
  },
};

/** The address of a node that speaks HTTP. */
export const url: Rule<string> = {
  must: 'the address of a node, such as http://127.0.0.1:8545',
  read: (given) => (isAddress(given) ? given : undefined),
};

/** The addresses of a chain's nodes, with commas between. */
export const urls: Rule<string> = {
  must: 'the address of a node, such as http://127.0.0.1:8545, or several with commas between',
  read: (given) => (given.split(',').every((each) => isAddress(each.trim())) ? given : undefined),
};

const isAddress = (given: string) => URL.canParse(given) && /^https?:$/.test(new URL(given).protocol);

// Addresses of peers. libp2p's own parser has the last word; it would take long to load.

/** Where a peer listens: nowhere, or an address and a port of this machine. */
export const listenAddress: Rule<string> = textLike(
  /^none$|^\/(ip4|ip6)\/[^/\s]{1,200}\/tcp\/\d{1,5}(\/ws)?$/,
  'none, or a multiaddr of this machine, such as /ip4/0.0.0.0/tcp/4001 or /ip4/127.0.0.1/tcp/4002/ws',
);

const reached = '/(?:ip4|ip6|dns|dns4|dns6)/[^/\\s]{1,200}/tcp/\\d{1,5}(?:/ws|/wss|/tls/ws)?';

/** Where others reach a peer. */
export const reachedAddress: Rule<string> = textLike(
  new RegExp(`^${reached}$`),
  'a multiaddr, such as /dns4/clinic.example/tcp/4001 or /dns4/clinic.example/tcp/443/wss',
);

/** Another's peer, a relay or a member: where it is reached, and its peer's id. */
export const peerAddress: Rule<string> = textLike(
  new RegExp(`^${reached}/p2p/[1-9A-HJ-NP-Za-km-z]{40,60}$`),
  'a multiaddr with the id of its peer, such as /dns4/relay.example/tcp/4001/p2p/12D3KooW…',
);

/** Where content lies: between members, in a folder, or in a kubo node. */
export const contentStore: Rule<string> = {
  must: 'members, a folder, or kubo: and the address of a node, such as kubo:http://127.0.0.1:5001',
  read: (given) =>
    given.length > 0 && given.length <= 4096 && (!given.startsWith('kubo:') || URL.canParse(given.slice(5)))
      ? given
      : undefined,
};

/** What a trainer or validator learns from or judges on: a share of the demonstration's digits, or a file. */
export type DataChoice =
  | { readonly kind: 'mnist'; readonly part: number; readonly of: number; readonly mirrored: boolean }
  | TableSource;

export const data: Rule<DataChoice> = {
  must: 'mnist:PART/OF, mnist:PART/OF:mirrored (1 <= PART <= OF <= 1000), csv:FILE, parquet:FILE or sql:FILE',
  read(given) {
    const digits = /^mnist:(\d{1,4})\/(\d{1,4})(:mirrored)?$/.exec(given);
    if (digits) {
      const [part, of] = [Number(digits[1]), Number(digits[2])];
      return part >= 1 && part <= of && of <= 1000
        ? { kind: 'mnist', part, of, mirrored: digits[3] !== undefined }
        : undefined;
    }
    const table = /^(csv|parquet|sql):(.{1,4096})$/.exec(given);
    return table ? { kind: table[1] as TableSource['kind'], file: resolve(table[2]!) } : undefined;
  },
  file: (choice) => (choice.kind === 'csv' ? choice.file : undefined),
};
