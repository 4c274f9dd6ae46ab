// `npm run bench -- <part> [--json]`: runs one part's benchmark; the part prints its own table.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { UserError } from '../node/cli/errors.ts';

const parts: Record<string, { file: string; what: string }> = {
  he: { file: '../bench/he.ts', what: 'encrypt, add, decryption share, combine, bytes' },
  prove: { file: '../bench/prove.ts', what: 'constraints, witness, proof, verification, memory' },
  learn: { file: '../bench/learn.ts', what: 'accuracy over rounds against dense federated averaging' },
};

/** Runs the benchmark of one part in a process of its own; resolves to its exit code. */
export async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  const list = Object.entries(parts).map(([key, part]) => `  ${key.padEnd(8)} ${part.what}`);
  if (name === undefined || name === '--help') {
    console.log(`npm run bench -- <part> [--json]\n\n${list.join('\n')}`);
    return name === undefined ? 1 : 0;
  }
  const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
  if (!part)
    throw new UserError(`unknown part ${JSON.stringify(name)}; parts: ${Object.keys(parts).join(', ')}.`);
  const file = fileURLToPath(new URL(part.file, import.meta.url));
  const [code] = await once(spawn(process.execPath, [file, ...rest], { stdio: 'inherit' }), 'exit');
  return code ?? 1;
}
