// What a host keeps of packages: the sealed bytes while it works with them, a receipt from then on.
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from '@murmuration/core';
import type { Hex } from 'viem';
import { NodeError } from '../../../errors.ts';
import { parseReceipt, type Receipt } from '../../../hosting/index.ts';
import { digestOf, isDigest } from '../../../protocol/index.ts';
import { makeFolder, syncFolder, writeAtomically } from '../../../state/index.ts';
import { isMissing, parseJson, readBytes } from '../../files/read.ts';
import { toJson } from '../../output/format.ts';

const folderOf = (home: string) => join(home, 'hosted');
const sealedFile = (home: string, digest: Hex) => join(folderOf(home), `${digest}.sealed`);
export const receiptFile = (home: string, digest: Hex) => join(folderOf(home), `${digest}.receipt.json`);

const orNone = async <T>(read: Promise<T>): Promise<T | undefined> =>
  read.catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });

/** @throws NodeError `input` for a package that this host was done with: its copy is erased and stays so. */
export async function refuseDone(home: string, digest: Hex): Promise<void> {
  if ((await orNone(stat(receiptFile(home, digest)))) === undefined) return;
  throw new NodeError(
    'input',
    `the package ${digest} is done: its receipt lies at ${receiptFile(home, digest)}`,
    {
      mend: 'The owner packs another one.',
    },
  );
}

/** The sealed bytes, where they lie here. */
export async function readKept(home: string, digest: Hex): Promise<Uint8Array | undefined> {
  const bytes = await orNone(readBytes(sealedFile(home, digest)));
  if (bytes && digestOf(bytes) !== digest)
    throw new NodeError('state', `${sealedFile(home, digest)} was altered`, {
      mend: 'Remove it, and run with the package again.',
    });
  return bytes;
}

export async function keep(home: string, digest: Hex, sealed: Uint8Array): Promise<void> {
  await makeFolder(folderOf(home), 0o700);
  await writeAtomically(sealedFile(home, digest), sealed);
}

/** Erases the sealed bytes, durably. */
export async function erase(home: string, digest: Hex): Promise<void> {
  await rm(sealedFile(home, digest), { force: true });
  await makeFolder(folderOf(home), 0o700);
  await syncFolder(folderOf(home));
}

export const keepReceipt = (home: string, receipt: Receipt): Promise<void> =>
  writeAtomically(receiptFile(home, receipt.sealed), `${toJson(receipt)}\n`);

/** Every package that was here, with its size while it is, and its receipt from then on. */
export async function listKept(home: string) {
  const names = (await orNone(readdir(folderOf(home)))) ?? [];
  const digests = [...new Set(names.map((name) => name.slice(0, 66)))].filter(isDigest).sort();
  return Promise.all(
    digests.map(async (digest) => {
      const receipt = await readKeptReceipt(home, digest);
      const size = (await orNone(stat(sealedFile(home, digest))))?.size;
      return { package: digest, ...(size !== undefined && { bytes: size }), ...(receipt && { receipt }) };
    }),
  );
}

/** The receipt of a package, where this host was done with it. @throws NodeError `state` for a file that is another. */
async function readKeptReceipt(home: string, digest: Hex): Promise<Receipt | undefined> {
  const file = receiptFile(home, digest);
  const text = await orNone(readFile(file, 'utf8'));
  if (text === undefined) return undefined;
  try {
    const receipt = parseReceipt(parseJson(file, text));
    if (receipt.sealed === digest) return receipt;
  } catch (cause) {
    if (cause instanceof NodeError) throw altered(file, reasonOf(cause), cause);
    throw cause;
  }
  throw altered(file, 'it is that of another package');
}

const altered = (file: string, why: string, cause?: unknown): NodeError =>
  new NodeError('state', `${file} is not what this host wrote: ${why}`, {
    mend: 'Keep it under another name. While no receipt is there, a package could be taken again.',
    ...(cause !== undefined && { cause }),
  });
