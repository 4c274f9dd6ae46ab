// The door by which a second `murmur open` finds the desk that runs: a file that its user alone reads.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { newLinkSchema } from '@murmuration/desk';
import { z } from 'zod';
import { writeAtomically } from '../../state/index.ts';
import { type Desk, deskFolder } from './desk.ts';
import { proofOf } from './sessions.ts';

const doorSchema = z.strictObject({ origin: z.url(), ownerKey: z.string(), doorKey: z.string() });

const fileOf = (home: string) => join(deskFolder(home), 'door.json');

/** Writes the door down. @returns what takes it away */
export async function openDoor(
  home: string,
  { origin, ownerKey, doorKey }: Desk,
): Promise<() => Promise<void>> {
  await writeAtomically(fileOf(home), `${JSON.stringify({ origin, ownerKey, doorKey })}\n`);
  return () => rm(fileOf(home), { force: true });
}

/** A new link of the desk that runs in a home folder; undefined where none does. */
export async function askForLink(home: string): Promise<string | undefined> {
  const text = await readFile(fileOf(home), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { origin, ownerKey, doorKey } = doorSchema.parse(JSON.parse(text));
  // After a kill the file is left, and nobody is there, or another program, perhaps another user's: what it answers
  // opens no page unless it knows the key that has never been sent.
  const answer = await fetch(`${origin}/api/links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ownerKey}`, origin },
  }).catch(() => undefined);
  if (!answer?.ok) return undefined;
  const found = newLinkSchema.safeParse(await answer.json().catch(() => undefined));
  return found.success && found.data.proof === proofOf(doorKey, found.data.link)
    ? found.data.link
    : undefined;
}
