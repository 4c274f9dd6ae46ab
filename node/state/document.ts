// A versioned document: JSON under a schema, in one file that is always whole.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { NodeError } from '../errors.ts';
import { writeAtomically } from './atomic.ts';

/** What a document holds, and how older versions of it are read. */
export interface DocumentForm<T> {
  /** Lower-case letters, digits and hyphens; the file is named after it. */
  readonly name: string;
  /** Raised by one whenever the schema changes. */
  readonly version: number;
  /** JSON in both directions: bigints are decimal strings there. */
  readonly schema: z.ZodType<T>;
  /** By each older version that is still read: makes the next version's value of it. */
  readonly migrations?: Readonly<Record<number, (old: unknown) => unknown>>;
}

/** A document on disk. */
export interface Document<T> {
  /**
   * The value as last written; undefined if it never was.
   * @throws NodeError `state` when it is damaged, or of a version that is not read.
   */
  read(): Promise<T | undefined>;
  /**
   * Replaces the value; durable once it resolves. Writes happen in the order in which they were asked for.
   */
  write(value: T): Promise<void>;
  /**
   * Reads, changes and writes with no other write of this document in between. `change` itself must not write
   * it.
   */
  update(change: (value: T | undefined) => T | Promise<T>): Promise<T>;
}

const envelopeSchema = z.strictObject({
  document: z.string(),
  version: z.int().positive(),
  value: z.unknown(),
});

/** Runs an action on a file after all earlier ones on it. */
export type InTurn = <R>(action: () => Promise<R>) => Promise<R>;

/** The document in a file, which is used in turn. */
export function openDocument<T>(file: string, form: DocumentForm<T>, inTurn: InTurn): Document<T> {
  const { name, version, schema, migrations = {} } = form;

  async function read(): Promise<T | undefined> {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    const envelope = envelopeOf(text);
    if (envelope.document !== name)
      throw new NodeError('state', `${file} holds ${envelope.document}, not ${name}`, {
        mend: 'Put back the file that was there.',
        prospect: 'final',
      });
    if (envelope.version > version)
      throw new NodeError(
        'state',
        `${file} has version ${envelope.version}, written by a newer release, but this one reads ${version}`,
        { mend: 'Use the newer release.', prospect: 'final' },
      );
    let value = envelope.value;
    for (let from = envelope.version; from < version; from++) {
      const migrate = migrations[from];
      if (!migrate)
        throw new NodeError(
          'state',
          `${file} has version ${envelope.version}, but this release reads ${version} and has no way ` +
            `from ${from}`,
          { mend: 'Use the release that wrote it until its task is over.', prospect: 'final' },
        );
      value = migrate(value);
    }
    const parsed = schema.safeParse(value);
    if (!parsed.success)
      throw new NodeError('state', `${file} breaks its schema: ${z.prettifyError(parsed.error)}`, {
        mend: 'Restore it from a copy.',
        prospect: 'final',
      });
    return parsed.data;
  }

  function envelopeOf(text: string): z.output<typeof envelopeSchema> {
    try {
      return envelopeSchema.parse(JSON.parse(text));
    } catch (cause) {
      throw new NodeError('state', `${file} is damaged`, {
        mend: 'Restore it from a copy, or remove it to begin anew.',
        prospect: 'final',
        cause,
      });
    }
  }

  async function put(value: T): Promise<T> {
    const checked = schema.parse(value);
    await writeAtomically(file, `${JSON.stringify({ document: name, version, value: checked }, null, 1)}\n`);
    return checked;
  }

  return {
    read: async () => inTurn(read),
    write: async (value) => void (await inTurn(() => put(value))),
    update: async (change) => inTurn(async () => put(await change(await read()))),
  };
}
