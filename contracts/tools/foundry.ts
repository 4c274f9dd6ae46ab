// Where Foundry's programs are: npm packages of one native binary a platform. They are run directly, without
// a launcher between a process and its signals.
import { createRequire } from 'node:module';
import { ContractsError } from '../errors.ts';

/** Version of the packages, as package.json has it. */
const version = '1.7.1';
const platforms: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-amd64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'darwin-amd64',
  'darwin-arm64': 'darwin-arm64',
};

/**
 * Path of the native program.
 *
 * @param here is Node's `platform-arch`, such as `linux-x64`; this machine's unless given.
 * @throws {ContractsError} `program`, with the mend, on a platform or in an installation without it.
 */
export function foundryBinary(tool: 'anvil' | 'forge', here = `${process.platform}-${process.arch}`): string {
  const platform = Object.hasOwn(platforms, here) ? platforms[here] : undefined;
  if (platform === undefined) {
    const known = Object.keys(platforms).join(', ');
    throw new ContractsError('program', `${tool} has no build for ${here}, only for ${known}`, {
      mend:
        tool === 'anvil'
          ? 'Start a development chain of your own and give its address with --rpc.'
          : 'Compile on one of these platforms.',
    });
  }
  const name = `@foundry-rs/${tool}-${platform}`;
  try {
    return createRequire(import.meta.url).resolve(`${name}/bin/${tool}`);
  } catch (cause) {
    throw new ContractsError('program', `${tool} is not installed: the package ${name} is missing`, {
      mend: `Install without --omit=optional, or run \`npm install --no-save ${name}@${version}\`.`,
      cause,
    });
  }
}
