// An account's consent that another shall own it, as `owner consent` prints it.
import type { Hex } from 'viem';
import { z } from 'zod';
import type { Consent } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import { accountSchema } from '../../protocol/index.ts';
import { describeIssues } from '../output/fault.ts';
import { parseJson, readJson } from './read.ts';

/** Longest signature of a wallet that is a contract, in hexadecimal digits. */
const longest = 16_384;

const consentSchema = z.object({
  account: accountSchema,
  owner: accountSchema,
  deadline: z
    .string()
    .regex(/^\d{1,20}$/, 'seconds of the chain')
    .transform(BigInt),
  signature: z
    .string()
    .max(longest)
    .regex(/^0x([0-9a-fA-F]{2})*$/, '0x and hexadecimal digits')
    .transform((value) => value as Hex),
});

/** A file of `owner consent`. @throws NodeError `input` where it is none. */
export const readConsent = async (file: string): Promise<Consent> => consentOf(file, await readJson(file));

/** What `owner consent` printed, as a text. @throws NodeError `input` where it is none */
export const parseConsent = (name: string, text: string): Consent => consentOf(name, parseJson(name, text));

function consentOf(name: string, json: unknown): Consent {
  const parsed = consentSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new NodeError('input', `${name}: ${describeIssues(parsed.error)}`, {
    mend: 'It must be what `murmur owner consent` printed.',
  });
}
