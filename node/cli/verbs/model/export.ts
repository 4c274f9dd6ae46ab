// `model export`: a trained model for tools that know nothing of Murmuration.
import { basename, dirname, extname, join } from 'node:path';
import { readModelFile } from '../../files/model_file.ts';
import { type ExportFormat, exported } from '../../model/exported.ts';
import { writeOutput } from '../../output/file.ts';
import { print } from '../../output/format.ts';

interface ExportSettings {
  readonly model: string;
  readonly format: ExportFormat;
  readonly out: string;
  readonly licence?: string;
  readonly json: boolean;
}

/** `model export`. */
export async function exportModel({
  model: path,
  format,
  out,
  licence,
  json,
}: ExportSettings): Promise<void> {
  const read = await readModelFile(path);
  const { digest } = read.file;
  const name = basename(out, extname(out));
  const { bytes, beside, more } = exported(read, { format, name, licence });
  const files = [out];
  if (beside) {
    const at = join(dirname(out), beside.name);
    await writeOutput(at, beside.bytes);
    files.push(at);
  }
  const told = `${await writeOutput(out, bytes)}${beside ? ` and ${beside.name}` : ''}`;
  const names = more && `\n  takes ${more.inputs.join(', ')}\n  gives ${more.outputs.join(', ')}`;
  print(json, { format, out, files, digest, ...more }, `${told}: ${format} of ${digest}${names ?? ''}`);
}
