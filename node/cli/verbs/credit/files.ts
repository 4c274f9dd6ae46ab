// Files of credit scores that users hand in, read with their name in every fault.
import { MurmurationError } from '@murmuration/core';
import {
  CreditError,
  type CreditErrorCode,
  type CreditModel,
  type CreditSchema,
  parseSchema,
  readCreditModel,
  readRecord,
  type SignedRecord,
} from '../../../credit/index.ts';
import { modelLayout } from '../../../learn/index.ts';
import { readModelFile } from '../../files/model_file.ts';
import { readJson } from '../../files/read.ts';

/** What `read` makes of a JSON file. @throws {CreditError} with the file's name before what is wrong. */
export async function openFile<T>(file: string, read: (json: unknown) => T | Promise<T>): Promise<T> {
  const json = await readJson(file);
  try {
    return await read(json);
  } catch (cause) {
    if (!(cause instanceof MurmurationError)) throw cause;
    const { message, mend } = cause;
    const code: CreditErrorCode = cause instanceof CreditError ? cause.code : 'file';
    throw new CreditError(code, `${file}: ${message}`, { cause, ...(mend !== undefined && { mend }) });
  }
}

export const openSchema = (file: string): Promise<CreditSchema> => openFile(file, parseSchema);

/** A trained model as `model save` has kept it, and what its own file says of where it comes from. */
export async function openTrained(path: string) {
  const { file, parameters } = await readModelFile(path);
  const { description, statistics, origin, lineage } = file;
  const size = modelLayout(description.model).size;
  return {
    trained: { description, statistics, parameters: parameters(size) },
    origin: {
      chainId: origin.chainId,
      marketplace: origin.marketplace,
      task: origin.task,
      model: file.digest,
      rounds: lineage.rounds.length,
    },
  };
}

/** Schema, model and record of a borrower. */
export async function openScore(files: {
  readonly schema: string;
  readonly model: string;
  readonly record: string;
}): Promise<{ readonly schema: CreditSchema; readonly score: CreditModel; readonly signed: SignedRecord }> {
  const schema = await openSchema(files.schema);
  return {
    schema,
    score: await openFile(files.model, (json) => readCreditModel(json, schema)),
    signed: await openFile(files.record, (json) => readRecord(json, schema)),
  };
}
