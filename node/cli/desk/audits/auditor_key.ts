// The key by which a desk signs its audits: its own, so that who looks needs no account.
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type Auditor, auditorOf } from '../../../audit/index.ts';
import type { DocumentForm, State } from '../../../state/index.ts';

const form: DocumentForm<{ readonly seed: string }> = {
  name: 'auditor',
  version: 1,
  schema: z.strictObject({ seed: z.string().regex(/^[0-9a-f]{64}$/) }),
};

/** The desk's auditor, made the first time. */
export async function openAuditor(state: State): Promise<Auditor> {
  const { seed } = await state
    .document(form)
    .update((known) => known ?? { seed: randomBytes(32).toString('hex') });
  return auditorOf(Buffer.from(seed, 'hex'));
}
