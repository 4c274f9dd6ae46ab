// Where Foundry's programs are: npm packages of one native binary a platform. They are run directly, without a launcher
// between a process and its signals.
import { createRequire } from 'node:module';

const platforms: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-amd64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'darwin-amd64',
  'darwin-arm64': 'darwin-arm64',
};

/**
 * Path of the native program.
 * @throws Error that says how to mend a platform or an installation without it.
 */
export function foundryBinary(tool: 'anvil' | 'forge'): string {
  const here = `${process.platform}-${process.arch}`;
  const platform = platforms[here];
  if (platform === undefined) {
    throw new Error(`${tool}: there is no build for ${here}, only for ${Object.keys(platforms).join(', ')}`);
  }
  const name = `@foundry-rs/${tool}-${platform}`;
  try {
    return createRequire(import.meta.url).resolve(`${name}/bin/${tool}`);
  } catch {
    throw new Error(
      `${tool}: the package ${name} is not installed; run \`npm ci\` without --omit=optional, or, where that does not ` +
        `bring it, \`npm install --no-save ${name}@1.7.1\``,
    );
  }
}
