// What is given to hosts, as the desk remembers it: by task, to whom, which file, and what came of it.
import type { Address, Hex } from 'viem';
import { z } from 'zod';
import { readingOptions } from '../../../learn/index.ts';
import type { DocumentForm } from '../../../state/index.ts';

const digits = z.string().regex(/^\d{1,78}$/);
const address = z.custom<Address>((value) => typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value));
const hash = z.custom<Hex>((value) => typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value));
const bytes = z.custom<Hex>((value) => typeof value === 'string' && /^0x([0-9a-fA-F]{2})*$/.test(value));

const givenSchema = z.strictObject({
  task: z.string().regex(/^\d{1,18}$/),
  /** The name of its task when it was given. */
  name: z.string(),
  host: z.strictObject({ name: z.string(), account: address, key: hash, fingerprint: z.string() }),
  consent: z.strictObject({ deadline: digits, signature: bytes }).optional(),
  /** Of the node: its log has what leaves. */
  account: address,
  owner: address,
  role: z.enum(['trainer', 'validator']),
  stake: digits,
  /** Seconds, chain time. */
  until: digits,
  file: z.uuid(),
  reading: readingOptions,
  package: z.strictObject({ digest: hash, bytes: z.int(), inStore: z.boolean() }).optional(),
  receipt: z.strictObject({ outcome: z.enum(['over', 'expired']), erased: digits }).optional(),
});
/** What is given to a host. */
export type Given = z.output<typeof givenSchema>;

export const givenForm: DocumentForm<readonly Given[]> = {
  name: 'hosted',
  version: 1,
  schema: z.array(givenSchema).readonly(),
};
