// A document of an audit as its bytes came: JSON of one form. That somebody has signed it says nothing of what it is.
import type { z } from 'zod';
import { NodeError } from '../../errors.ts';

/** Characters of a fault, at most: some repeat what is wrong, whatever its length. */
const longestFault = 300;

/** @param what its name in a refusal. @throws NodeError `audit` for bytes that are none. */
export function documentIn<Form extends z.ZodType>(
  form: Form,
  bytes: Uint8Array,
  what: string,
): { readonly value: z.output<Form>; readonly text: string } {
  let text: string;
  let json: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    json = JSON.parse(text);
  } catch (cause) {
    throw new NodeError('audit', `${what} is no JSON in UTF-8`, { cause });
  }
  const parsed = form.safeParse(json);
  if (parsed.success) return { value: parsed.data, text };
  const { path, message } = parsed.error.issues[0]!;
  const fault = `${path.join('.') || 'the whole'}: ${message}`;
  throw new NodeError('audit', `${what}: ${fault.slice(0, longestFault)}`);
}
