// Deploys everything to a chain: a token where there is none, each preset's verifiers, the contracts.
import {
  type Address,
  createPublicClient,
  http,
  isAddressEqual,
  keccak256,
  type LocalAccount,
  type Transport,
  toHex,
} from 'viem';
import type { ContractName } from '../artifacts.ts';
import { ContractsError } from '../errors.ts';
import { type ArtifactOptions, loadArtifacts } from '../load_artifacts.ts';
import { Deployer } from './deployer.ts';
import {
  type Deployment,
  type PresetKeys,
  type PresetKeysJson,
  parse,
  presetKeysSchema,
  verifierArguments,
} from './deployment.ts';

const week = 7 * 86_400;
/**
 * Chains on which development keys and play money are taken: anvil's, Hardhat's, geth's `--dev`.
 */
export const developmentChains: readonly number[] = [31337, 1337];

export interface DeployOptions extends ArtifactOptions {
  /** The chain's JSON-RPC endpoint. */
  readonly url: string;
  /** How the endpoint is spoken to; plain HTTP unless given. */
  readonly transport?: Transport;
  /** Pays, and may later add presets to the registry (nothing else). */
  readonly account: LocalAccount;
  /** Keys of at least one preset, each once. */
  readonly presets: readonly PresetKeysJson[];
  /** ERC-20 of stakes and bounties; without it, on a development chain, play money is deployed. */
  readonly token?: Address;
  /** Seconds that queued stake waits; 7 days by default. */
  readonly withdrawalDelay?: number;
  /** Called after each contract. */
  readonly onDeployed?: (name: ContractName, address: Address) => void;
}

/**
 * The contracts that know each other from birth, in the order of their creation, by their place in `System`.
 */
export const system = {
  vault: 'StakeVault',
  marketplace: 'Marketplace',
  keys: 'KeyRegistry',
  rounds: 'Rounds',
  validation: 'Validation',
  settlement: 'Settlement',
  disputes: 'Disputes',
  exclusions: 'Exclusions',
} as const satisfies Partial<Record<keyof Deployment, ContractName>>;
/** The names of their places, in the same order. */
export const places = Object.keys(system) as (keyof typeof system)[];

/**
 * Deploys, transaction after transaction, and checks what stands there.
 * @throws {ContractsError} `input` before anything is sent, where keys, token or chain do not fit;
 * `transaction` when one fails.
 */
export async function deploy(options: DeployOptions): Promise<Deployment> {
  const presets = options.presets.map((keys, i) => parse(`presets[${i}]`, presetKeysSchema, keys));
  const transport = options.transport ?? http(options.url);
  const reader = createPublicClient({ transport });
  const chainId = await reader.getChainId();
  refuse(presets, chainId, options.token);
  if (options.token && !(await reader.getCode({ address: options.token })))
    throw new ContractsError(
      'input',
      `deploy: token is ${options.token}, but there is no contract on chain ${chainId}`,
    );

  const deployer = new Deployer(transport, options.account, await loadArtifacts(options));
  const creations: Deployment['creations'] = {};
  const create: Create = async (name, args) => {
    const { address, transaction } = await deployer.create(name, args);
    creations[address] = transaction;
    options.onDeployed?.(name, address);
    return address;
  };
  const fromBlock = Number(await reader.getBlockNumber());
  const token = options.token ?? (await create('DevelopmentToken', []));
  const registry = await create('VerifierRegistry', [options.account.address]);
  const verifiers: Deployment['verifiers'] = {};
  for (const keys of presets) {
    const made = await createVerifiers(create, keys);
    const { preset, coordinatesPerChunk, coordinateBits, developmentKeys } = keys;
    const info = {
      coordinatesPerChunk,
      coordinateBits,
      developmentKeys,
      verifiers: [made.update, made.aggregate, made.alignment],
    } as const;
    await deployer.call({
      contract: 'VerifierRegistry',
      address: registry,
      functionName: 'register',
      args: [presetId(preset), info],
    });
    verifiers[preset] = made;
  }

  const addresses = await deployer.next(places.length);
  const wired = Object.fromEntries(places.map((place, i) => [place, addresses[i]!])) as Wired;
  const wiring = { ...wired, registry };
  const delay = BigInt(options.withdrawalDelay ?? week);
  for (const place of places) {
    const at =
      place === 'vault'
        ? await create(system.vault, [token, delay, wiring])
        : await create(system[place], [wiring]);
    if (!isAddressEqual(at, wired[place]))
      throw new ContractsError(
        'transaction',
        `deploy: ${place} is at ${at}, not at ${wired[place]}: another program used the account`,
      );
  }
  const bulletin = await create('Bulletin', []);
  return {
    chainId,
    fromBlock,
    deployer: options.account.address,
    token,
    registry,
    ...wired,
    bulletin,
    creations,
    verifiers,
  };
}

type Wired = Record<keyof typeof system, Address>;

/**
 * Refuses what must never reach a chain where money is real. The registry refuses development keys once more.
 */
function refuse(presets: readonly PresetKeys[], chainId: number, token: Address | undefined): void {
  const fault = faultOf(presets, chainId, token);
  if (fault) throw new ContractsError('input', `deploy: ${fault}`);
}

function faultOf(
  presets: readonly PresetKeys[],
  chainId: number,
  token: Address | undefined,
): string | undefined {
  if (presets.length === 0) return 'no presets; give the keys of at least one';
  const twice = presets.find(({ preset }, i) => presets.findIndex((other) => other.preset === preset) !== i);
  if (twice) return `preset ${twice.preset} is given twice`;
  if (developmentChains.includes(chainId)) return undefined;
  const insecure = presets.find((keys) => keys.developmentKeys);
  if (insecure)
    return (
      `the keys of preset ${insecure.preset} are insecure development keys, with which anyone can forge; ` +
      `chain ${chainId} is not a development chain (${developmentChains.join(', ')}): use keys of a ceremony`
    );
  return token ? undefined : `no token; on chain ${chainId} give the address of an ERC-20`;
}

/** Deploys a contract and notes its creation. */
type Create = <Name extends ContractName>(
  name: Name,
  args: Parameters<typeof Deployer.prototype.create<Name>>[1],
) => Promise<Address>;

async function createVerifiers(create: Create, keys: PresetKeys) {
  const made = verifierArguments(keys);
  return {
    update: await create('UpdateVerifier', made.update),
    aggregate: await create('AggregateVerifier', made.aggregate),
    alignment: await create('AlignmentVerifier', made.alignment),
  };
}

/** A preset's id on chain (docs/encodings.md). */
export function presetId(name: string): `0x${string}` {
  return keccak256(toHex(`murmuration/v1/preset/${name}`));
}
