// The service's own key, which the database never sees: what is sealed for the service opens with it, and it names jobs
// by content.
import { createHmac, randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { publicKeyOf } from '@murmuration/core/x25519';
import { NodeError } from '../../errors.ts';
import { createSecretBox } from '../../keystore/index.ts';
import { makeFolder, writeAtomically } from '../../state/index.ts';
import { openContent, type Purpose, sealContent } from './sealing.ts';

const keyBytes = 32;

/** What the key does. All servers and agents on one database have the same. */
export interface ServiceKey {
  /** What contents are sealed to, 32 bytes; everybody may know it. */
  readonly sealingKey: Uint8Array;
  /** Seals a content that came plain: the same content is the same bytes. */
  seal(purpose: Purpose, content: Uint8Array): Uint8Array;
  /**
   * A content, which the caller overwrites after use.
   * @throws NodeError `input` for one of another purpose or key, or an altered one.
   */
  open(purpose: Purpose, sealed: Uint8Array): Uint8Array;
  /**
   * The job's name, a UUID: a keyed hash of owner, circuit and sealed content. The same content of the same owner is the
   * same job; without the key, nobody can check a guess of the content against the name.
   */
  name(purpose: Purpose, sealed: Uint8Array): string;
  /** Tells keys apart without showing them. */
  readonly fingerprint: string;
}

/** The key of these 32 bytes. */
export function createServiceKey(key: Uint8Array): ServiceKey {
  const opening = createSecretBox(key).seed('service/opening');
  const sealingKey = publicKeyOf(opening);
  const mac = createHmac('sha256', key).update('murmuration/v1/service/mac').digest();
  return {
    sealingKey,
    seal: (purpose, content) => sealContent(sealingKey, purpose, { content, secret: mac }),
    open: (purpose, sealed) => openContent(opening, purpose, sealed),
    name({ owner, served: { circuit, preset, keys } }, sealed) {
      const hash = createHmac('sha256', mac).update(JSON.stringify([owner, circuit, preset, keys]));
      return uuidOf(hash.update(sealed).digest());
    },
    fingerprint: createHmac('sha256', mac).update('fingerprint').digest('hex'),
  };
}

/** A UUID of version 8, the one for hashes of one's own (RFC 9562, section 5.8), from 122 bits of a hash. */
function uuidOf(hash: Buffer): string {
  const bytes = Buffer.from(hash.subarray(0, 16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * Reads the key from its file, 64 hexadecimal digits, or makes one.
 *
 * @param create whether a missing file is made; an agent must have the servers' key instead.
 * @throws NodeError `state` for a file that others may read, that is missing, or that holds no key.
 */
export async function openServiceKey(
  file: string,
  { create }: { readonly create: boolean },
): Promise<ServiceKey> {
  const info = await stat(file).catch(() => undefined);
  if (!info) {
    if (!create)
      throw new NodeError('state', `${file}, the key of the prover service, is missing`, {
        mend: "Copy it from the machine that serves: HOME/service/key. It opens the jobs' inputs.",
      });
    await makeFolder(dirname(file), 0o700);
    const key = randomBytes(keyBytes);
    await writeAtomically(file, `${key.toString('hex')}\n`, { create: true });
    return createServiceKey(key);
  }
  if ((info.mode & 0o077) !== 0)
    throw new NodeError('state', `${file} can be read by others than its owner`, {
      mend: `chmod 600 ${file}`,
    });
  const text = (await readFile(file, 'utf8')).trim();
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new NodeError('state', `${file} is no key of a prover service: 64 hexadecimal digits`);
  return createServiceKey(Buffer.from(text, 'hex'));
}
