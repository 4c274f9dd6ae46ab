// The version of this package, wherever it is installed.
import { createRequire } from 'node:module';

export function version(): string {
  const { version } = createRequire(import.meta.url)('murmuration/package.json') as { version: string };
  return version;
}
