// What a host says when it is done with a package: which one, what came of it, when its copy was erased.
import { z } from 'zod';
import { NodeError } from '../errors.ts';
import { accountSchema, type Signer, type SigningDomain, signatureSchema } from '../protocol/index.ts';
import { hashSchema } from './identity.ts';
import { isSignedBy, receiptData } from './signed.ts';

const decimal = z
  .string()
  .regex(/^\d{1,20}$/, 'a decimal number')
  .transform(BigInt);

const receiptSchema = z.strictObject({
  format: z.literal('murmuration-hosting-receipt/1'),
  sealed: hashSchema,
  task: decimal,
  operator: accountSchema,
  /** `over`: the task ended. `expired`: the mandate did. */
  outcome: z.enum(['over', 'expired']),
  erased: decimal,
  signature: signatureSchema,
});
export type Receipt = z.output<typeof receiptSchema>;

/** Signs a receipt. */
export async function signReceipt(
  { signer, domain }: { readonly signer: Signer; readonly domain: SigningDomain },
  of: Pick<Receipt, 'sealed' | 'task' | 'outcome' | 'erased'>,
): Promise<Receipt> {
  const message = { ...of, operator: signer.address };
  const signature = await signer.signTypedData(receiptData(domain, message));
  return receiptSchema.parse({
    format: 'murmuration-hosting-receipt/1',
    ...message,
    task: `${of.task}`,
    erased: `${of.erased}`,
    signature,
  });
}

/** What a receipt says, whoever signed it. @throws NodeError `input` for what is none */
export function parseReceipt(input: unknown): Receipt {
  const parsed = receiptSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new NodeError('input', `it is no receipt of a host: ${z.prettifyError(parsed.error)}`, {
    mend: 'It must be what `murmur host run` wrote.',
  });
}

/** @throws NodeError `input` for what is no receipt, or not signed by its operator. */
export function readReceipt(input: unknown, domain: SigningDomain): Receipt {
  const read = parseReceipt(input);
  const { format: _, signature, ...message } = read;
  if (isSignedBy(message.operator, receiptData(domain, message), signature)) return read;
  throw new NodeError('input', `the receipt is not signed by ${message.operator} for this deployment`, {
    mend: 'Get it again from the host.',
  });
}
