// Web3 Secret Storage, version 3: an account's private key under a password (scrypt, AES-128-CTR, a
// keccak-256 MAC). As geth and most wallets write it:
// https://ethereum.org/developers/docs/data-structures-and-encoding/web3-secret-storage
import {
  pbkdf2 as pbkdf2Native,
  type ScryptOptions,
  scrypt as scryptNative,
  timingSafeEqual,
} from 'node:crypto';
import { promisify } from 'node:util';
import { ctr } from '@noble/ciphers/aes.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, hexToBytes } from 'viem';
import { privateKeyToAddress } from 'viem/accounts';
import { z } from 'zod';
import { NodeError } from '../errors.ts';

/** Memory that a key file may make scrypt take, in bytes: a hostile file must not exhaust the machine. */
const maxMemory = 512 * 2 ** 20;
/** Work that it may make scrypt do, n r p: eight times that of a key of this program, some seconds. */
const maxWork = 2 ** 23;

const hexOf = (bytes: number) =>
  z.string().regex(new RegExp(`^[0-9a-fA-F]{${2 * bytes}}$`), `${bytes} bytes in hexadecimal`);
const saltSchema = z.string().regex(/^([0-9a-fA-F]{2}){0,64}$/, 'at most 64 bytes in hexadecimal');

const scryptSchema = z.object({
  kdf: z.literal('scrypt'),
  kdfparams: z
    .object({
      dklen: z.literal(32),
      n: z.int().min(2),
      r: z.int().min(1).max(64),
      p: z.int().min(1).max(16),
      salt: saltSchema,
    })
    .refine(({ n }) => Number.isInteger(Math.log2(n)), 'n is a power of two')
    .refine(({ n, r }) => 128 * n * r <= maxMemory, `128 n r is at most ${maxMemory} bytes`)
    .refine(({ n, r, p }) => n * r * p <= maxWork, `n r p is at most ${maxWork}`),
});

const pbkdf2Schema = z.object({
  kdf: z.literal('pbkdf2'),
  kdfparams: z.object({
    dklen: z.literal(32),
    c: z.int().min(1).max(2_000_000),
    prf: z.literal('hmac-sha256'),
    salt: saltSchema,
  }),
});

const cryptoSchema = z
  .object({
    cipher: z.literal('aes-128-ctr'),
    cipherparams: z.object({ iv: hexOf(16) }),
    ciphertext: hexOf(32),
    mac: hexOf(32),
  })
  .and(z.discriminatedUnion('kdf', [scryptSchema, pbkdf2Schema]));

/** A key file. Some wallets write `Crypto`, and an address without 0x. */
export const keyFileSchema = z.preprocess(
  (input) =>
    typeof input === 'object' && input !== null && 'Crypto' in input
      ? { ...input, crypto: input.Crypto }
      : input,
  z.object({
    version: z.literal(3),
    // Some tools write null. Nothing depends on it.
    id: z.string().max(64).nullish(),
    address: z.string().max(42).optional(),
    crypto: cryptoSchema,
  }),
);

/** A key file that has been parsed. */
export type KeyFile = z.output<typeof keyFileSchema>;

/** Reads a key file's JSON value. @throws NodeError `input` for a value that is no key file. */
export function parseKeyFile(input: unknown): KeyFile {
  const parsed = keyFileSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new NodeError(
    'input',
    `keystore: no key file of version 3: ${path.join('.') || 'the whole'}: ${message}`,
  );
}

/**
 * Cost of scrypt: N = 2^`logN`, r = 8, p = 1. 17 is 128 MiB, the least that OWASP advises; tests take less.
 */
export const defaultLogN = 17;

/** Encrypts a private key of 32 bytes. @throws NodeError `input` for bytes that are no private key. */
export async function encryptKey(
  key: Uint8Array,
  password: string,
  logN: number = defaultLogN,
): Promise<KeyFile> {
  if (!secp256k1.utils.isValidSecretKey(key))
    throw new NodeError('input', 'keystore: the private key is not in the range of secp256k1');
  const salt = crypto.getRandomValues(new Uint8Array(32));
  const iv = crypto.getRandomValues(new Uint8Array(16));
  const kdf = {
    kdf: 'scrypt',
    kdfparams: { dklen: 32, n: 2 ** logN, r: 8, p: 1, salt: plain(salt) },
  } as const;
  const derived = await derive(kdf, password);
  const ciphertext = ctr(derived.subarray(0, 16), iv).encrypt(key);
  return keyFileSchema.parse({
    version: 3,
    id: crypto.randomUUID(),
    address: privateKeyToAddress(bytesToHex(key)).slice(2).toLowerCase(),
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: plain(iv) },
      ciphertext: plain(ciphertext),
      mac: plain(macOf(derived, ciphertext)),
      ...kdf,
    },
  });
}

/**
 * The private key in a key file.
 * @throws NodeError `input` when the password is wrong; `state` when the file was altered or names another
 * account.
 */
export async function decryptKey(input: unknown, password: string): Promise<Uint8Array> {
  const { crypto, address } = parseKeyFile(input);
  const derived = await derive(crypto, password);
  const ciphertext = hexToBytes(`0x${crypto.ciphertext}`);
  if (!timingSafeEqual(macOf(derived, ciphertext), hexToBytes(`0x${crypto.mac}`)))
    throw new NodeError('input', 'keystore: the password is wrong, or the key file was altered');
  const key = ctr(derived.subarray(0, 16), hexToBytes(`0x${crypto.cipherparams.iv}`)).decrypt(ciphertext);
  // The MAC covers neither the iv nor the address, so an altered iv gives another key: only the address
  // tells.
  const found = privateKeyToAddress(bytesToHex(key)).toLowerCase();
  const named = address?.toLowerCase().replace(/^0x/, '');
  if (named !== undefined && found !== `0x${named}`)
    throw new NodeError(
      'state',
      `keystore: the key is that of ${found}, but the file names 0x${named}: it was altered`,
    );
  return key;
}

type Kdf = z.output<typeof scryptSchema> | z.output<typeof pbkdf2Schema>;

const pbkdf2 = promisify(pbkdf2Native);
// promisify takes the declaration without options; this names the other.
const scrypt = promisify<Uint8Array, Uint8Array, number, ScryptOptions, Uint8Array>(scryptNative);

async function derive({ kdf, kdfparams }: Kdf, password: string): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(password);
  const salt = hexToBytes(`0x${kdfparams.salt}`);
  const length = kdfparams.dklen;
  if (kdf === 'pbkdf2') return pbkdf2(bytes, salt, kdfparams.c, length, 'sha256');
  const { n, r, p } = kdfparams;
  const maxmem = maxMemory + 2 ** 20;
  // OpenSSL takes N below 2^(16 r) alone, as RFC 7914 asks; the format's published vector has 2^18 at r = 1.
  if (n >= 2 ** (16 * r)) return scryptAsync(bytes, salt, { N: n, r, p, dkLen: length, maxmem });
  return scrypt(bytes, salt, length, { N: n, r, p, maxmem });
}

function macOf(derived: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  return keccak_256.create().update(derived.subarray(16, 32)).update(ciphertext).digest();
}

const plain = (bytes: Uint8Array): string => bytesToHex(bytes).slice(2);
