// `credit issuer`, `credit sign`: what a bank or a bureau does.

import { serialHash } from '@murmuration/prover/score';
import { z } from 'zod';
import {
  CreditError,
  hexOf,
  type Issuer,
  issuerOf,
  recordText,
  signRecord,
  type Values,
} from '../../../credit/index.ts';
import type { AccountSettings } from '../../command/flags.ts';
import { unlock } from '../../open/account.ts';
import { writeOutput } from '../../output/file.ts';
import { moment, print } from '../../output/format.ts';
import { openFile, openSchema } from './files.ts';

type IssuerSettings = Pick<AccountSettings, 'account' | 'keystore' | 'passwordFile' | 'json'> & {
  readonly number: number;
};

/** `credit issuer`. */
export async function issuer(settings: IssuerSettings): Promise<void> {
  const { keys, account } = await open(settings);
  const key = { x: hexOf(keys.publicKey.x), y: hexOf(keys.publicKey.y) };
  const { number } = settings;
  print(
    settings.json,
    { account, number, ...key },
    `key ${number} of issuer ${account}\n  x ${key.x}\n  y ${key.y}`,
  );
}

/** `credit sign`. */
export async function sign(
  settings: IssuerSettings & {
    readonly schema: string;
    readonly values: string;
    readonly subject: string;
    readonly person: string;
    readonly days: number;
    readonly out: string;
  },
): Promise<void> {
  const { subject, person, days, out, json } = settings;
  const schema = await openSchema(settings.schema);
  const values = await openFile(settings.values, parseValues);
  const { keys, holderOf } = await open(settings);
  const issuedAt = BigInt(Math.floor(Date.now() / 1000));
  const expiresAt = issuedAt + BigInt(days) * 86_400n;
  const attested = {
    schema,
    values,
    subject: BigInt(subject),
    holder: holderOf(person),
    issuedAt,
    expiresAt,
  };
  const signed = await signRecord(keys, attested);
  const told = await writeOutput(out, recordText(schema, signed));
  const hash = hexOf(serialHash(signed.record.serial));
  print(
    json,
    { out, subject, expiresAt, serial: hexOf(signed.record.serial), serialHash: hash },
    `${told}: for ${subject}, until ${moment(expiresAt)}\nserial's hash ${hash}; the serial itself revokes the record`,
  );
}

const valuesFile = z.record(z.string(), z.union([z.string(), z.number()]));

function parseValues(input: unknown): Values {
  const parsed = valuesFile.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new CreditError('file', 'it is no JSON object of numbers and words by column');
}

async function open(settings: IssuerSettings): Promise<Issuer & { readonly account: string }> {
  const { account, secretBox } = await unlock(settings);
  return { ...issuerOf(secretBox, settings.number), account: account.address };
}
