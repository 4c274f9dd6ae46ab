// Deploys what credit adds to a deployment: issuers, models, verifiers of the statement `score`, credentials. None of the
// deployment's contracts knows them, so they may come at any time, by anybody.
import {
  type ContractConstructorArgs,
  createPublicClient,
  http,
  type LocalAccount,
  type Transport,
} from 'viem';
import type { lendingPoolAbi } from '../abi/index.ts';
import type { ContractName } from '../artifacts.ts';
import { ContractsError } from '../errors.ts';
import { type ArtifactOptions, loadArtifacts } from '../load_artifacts.ts';
import { type DeployOptions, developmentChains } from './deploy.ts';
import { Deployer } from './deployer.ts';
import {
  type CreditDeployment,
  type Deployment,
  parse,
  type ScoreKeysJson,
  scoreKeysSchema,
} from './deployment.ts';

/** The shapes of the statement `score`, in the order of their numbers on chain. */
export const scoreShapes = ['logistic', 'network'] as const;

export interface CreditOptions extends ArtifactOptions, Pick<DeployOptions, 'onDeployed'> {
  /** The chain's JSON-RPC endpoint. */
  readonly url: string;
  /** How the endpoint is spoken to; plain HTTP unless given. */
  readonly transport?: Transport;
  /** Pays. */
  readonly account: LocalAccount;
  /** Whose tasks' models may be accepted. */
  readonly deployment: Deployment;
  /** Keys of every shape. */
  readonly keys: ScoreKeysJson;
}

/**
 * Deploys, transaction after transaction.
 *
 * @returns what the deployment's file takes as `credit`.
 * @throws {ContractsError} `input` before anything is sent, where the keys or the chain do not fit; `transaction` when one
 * fails.
 */
export async function deployCredit(options: CreditOptions): Promise<CreditDeployment> {
  const { deployment, account, onDeployed } = options;
  const keys = parse('keys', scoreKeysSchema, options.keys);
  const transport = options.transport ?? http(options.url);
  const chainId = await createPublicClient({ transport }).getChainId();
  if (chainId !== deployment.chainId)
    throw new ContractsError(
      'input',
      `deploy: ${options.url} serves chain ${chainId}, but the deployment is on chain ${deployment.chainId}`,
    );
  if (keys.developmentKeys && !developmentChains.includes(chainId))
    throw new ContractsError(
      'input',
      'deploy: the keys of the statement score are insecure development keys, with which anyone can forge; ' +
        `chain ${chainId} is not a development chain (${developmentChains.join(', ')})`,
    );
  const deployer = new Deployer(transport, account, await loadArtifacts(options));
  const creations: CreditDeployment['creations'] = {};
  const create = async <Name extends ContractName>(
    name: Name,
    args: Parameters<typeof deployer.create<Name>>[1],
  ) => {
    const { address, transaction } = await deployer.create(name, args);
    creations[address] = transaction;
    onDeployed?.(name, address);
    return address;
  };
  const issuers = await create('Issuers', []);
  const models = await create('Models', modelsArguments(deployment));
  const logistic = await create('ScoreVerifier', [keys.logistic]);
  const network = await create('ScoreVerifier', [keys.network]);
  const parts = { issuers, models, verifiers: { logistic, network }, developmentKeys: keys.developmentKeys };
  const credentials = await create('Credentials', credentialsArguments(parts));
  return { ...parts, credentials, creations };
}

/** What `Models` is constructed with. */
export const modelsArguments = ({ marketplace, rounds, vault }: Deployment) =>
  [marketplace, rounds, vault] as const;

/** What `Credentials` is constructed with. */
export const credentialsArguments = ({
  models,
  issuers,
  verifiers,
  developmentKeys,
}: Omit<CreditDeployment, 'credentials' | 'creations'>) =>
  [models, issuers, scoreShapes.map((shape) => verifiers[shape]), developmentKeys] as const;

/** What a pool is deployed with. */
export interface PoolOptions extends ArtifactOptions, Pick<CreditOptions, 'url' | 'transport' | 'account'> {
  /** Name and symbol of the lenders' shares. */
  readonly name: string;
  readonly symbol: string;
  readonly policy: ContractConstructorArgs<typeof lendingPoolAbi>[2];
}

/** Deploys an example pool. @throws {ContractsError} `transaction` where its policy is refused. */
export async function deployPool({ url, transport, account, name, symbol, policy, ...options }: PoolOptions) {
  const deployer = new Deployer(transport ?? http(url), account, await loadArtifacts(options));
  const { address } = await deployer.create('LendingPool', [name, symbol, policy]);
  return address;
}

/** Deploys play money and a price of it, for a pool on a development chain. @param price in 10^-8. */
export async function deployPlayCollateral(
  {
    url,
    transport,
    account,
    ...options
  }: ArtifactOptions & Pick<CreditOptions, 'url' | 'transport' | 'account'>,
  price: bigint,
) {
  const deployer = new Deployer(transport ?? http(url), account, await loadArtifacts(options));
  const { address: token } = await deployer.create('DevelopmentToken', []);
  const { address: feed } = await deployer.create('DevelopmentFeed', [price]);
  return { token, feed };
}
