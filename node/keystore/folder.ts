// The key files of a folder, and whose keys they tell that they hold. geth names its files by their accounts and writes
// these into them; `cast` does neither, and takes any name.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Address, getAddress } from 'viem';
import { z } from 'zod';

/** A key file. */
export interface KeyPlace {
  readonly path: string;
  /** As its name tells, else as what is in it does; undefined where only its password would tell. */
  readonly account: Address | undefined;
}

/** Bytes of a key file, at most: one has some 500. */
const maxBytes = 64 * 1024;

/** A file's name that ends in its account. */
const namePattern = /(?:^|--)(?:0x)?([0-9a-fA-F]{40})(?:\.json)?$/;

/** What tells a key file from any other. */
const keySchema = z.union([z.object({ crypto: z.unknown() }), z.object({ Crypto: z.unknown() })]);
const addressSchema = z.object({ address: z.string().regex(/^(0x)?[0-9a-fA-F]{40}$/) });

/** The key files of a folder, by name; none where it is not there. Other files are passed over. */
export async function keyPlaces(folder: string): Promise<KeyPlace[]> {
  const names = await readdir(folder).catch(absent);
  const places = await Promise.all(names.sort().map((name) => keyPlace(folder, name)));
  return places.filter((place) => place !== undefined);
}

async function keyPlace(folder: string, name: string): Promise<KeyPlace | undefined> {
  const path = join(folder, name);
  const named = namePattern.exec(name)?.[1];
  // Also where nothing of it can be read: whoever asks for the account is told what is wrong with its file.
  if (named) return { path, account: accountOf(named) };
  const value = await jsonIn(path);
  if (!keySchema.safeParse(value).success) return undefined;
  const told = addressSchema.safeParse(value);
  return { path, account: told.success ? accountOf(told.data.address.replace(/^0x/, '')) : undefined };
}

const accountOf = (digits: string): Address => getAddress(`0x${digits.toLowerCase()}`);

/** The JSON value of a small file; undefined for anything else. */
async function jsonIn(path: string): Promise<unknown> {
  try {
    const found = await stat(path);
    if (!found.isFile() || found.size > maxBytes) return undefined;
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function absent(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
