// Whether a deployment is what its file says: code, first storage, wiring and keys of every contract. Its
// deployer made all of it, and nobody has to take the deployer's word.
import { reasonOf } from '@murmuration/core';
import {
  type Abi,
  type Address,
  encodeAbiParameters,
  encodeDeployData,
  type Hash,
  type Hex,
  hexToBytes,
  isAddressEqual,
  keccak256,
  type PublicClient,
} from 'viem';
import { abis, circuits, marketplaceAbi, stakeVaultAbi, verifierRegistryAbi } from '../abi/index.ts';
import type { Artifact, Artifacts, ContractName, RuntimeCode } from '../artifacts.ts';
import { credentialsArguments, modelsArguments, scoreShapes } from './credit.ts';
import { places, presetId, system } from './deploy.ts';
import {
  type CreditDeployment,
  type Deployment,
  type PresetKeys,
  type PresetKeysJson,
  parse,
  presetKeysSchema,
  type ScoreKeysJson,
  scoreKeysSchema,
  verifierArguments,
} from './deployment.ts';

/** One thing that was looked at. */
export interface DeploymentCheck {
  /** What was looked at, with its address where it has one. */
  readonly what: string;
  /** `holds`, `fails`, or `shown`: for a reader to judge, because nothing here can. */
  readonly verdict: 'holds' | 'fails' | 'shown';
  /** Why it fails, or what is shown. */
  readonly detail: string;
}

/** What a deployment is compared with. */
export interface Inspection {
  readonly client: PublicClient;
  readonly deployment: Deployment;
  /** This version's contracts. */
  readonly artifacts: Artifacts;
  /** The reader's own keys. A preset without any is shown as one that was not checked. */
  readonly presets: readonly PresetKeysJson[];
  /** Likewise, of the statement `score`, where the deployment has credit. */
  readonly score?: ScoreKeysJson;
}

/**
 * Checks a deployment against this version's contracts and the reader's keys. Of each contract it compares the
 * code that stands there, and the transaction that created it with the one that this version would send: code
 * alone shows neither what a constructor of another's making left in the storage, nor the values of
 * immutables, such as the points of a verifier's key.
 *
 * @returns every check, those that fail among them; the order is that of a report.
 * @throws {ContractsError} `input` for keys that are none. What a node cannot answer fails its check.
 */
export async function inspectDeployment(inspection: Inspection): Promise<DeploymentCheck[]> {
  const presets = inspection.presets.map((keys, i) => parse(`presets[${i}]`, presetKeysSchema, keys));
  const { deployment } = inspection;
  const delay = await readDelay(inspection);
  const wired = Object.fromEntries(places.map((place) => [place, deployment[place]])) as Wired;
  const wiring = { ...wired, registry: deployment.registry };
  const contracts: Expected[] = [
    { name: 'VerifierRegistry', address: deployment.registry, args: [deployment.deployer] },
    ...places.map((place) => ({
      name: system[place],
      address: deployment[place],
      args:
        place !== 'vault' ? [wiring] : delay === undefined ? undefined : [deployment.token, delay, wiring],
    })),
    { name: 'Bulletin', address: deployment.bulletin, args: [] },
  ];
  const checks = [
    ...contracts.map((contract) => checkCode(inspection, contract)),
    ...places.map((place) => checkWiring(inspection, place, wiring)),
    ...Object.keys(deployment.verifiers).map((name) =>
      checkPreset(
        inspection,
        name,
        presets.find(({ preset }) => preset === name),
      ),
    ),
    ...(deployment.credit ? [checkCredit(inspection, deployment.credit)] : []),
  ];
  return [...(await Promise.all(checks)).flat(), ...(await show(inspection, delay))];
}

type Wired = Record<keyof typeof system, Address>;

/** A contract of the deployment, and what its constructor must have been given; undefined where unknown. */
interface Expected {
  readonly name: ContractName;
  readonly address: Address;
  readonly args: readonly unknown[] | undefined;
}

const holds = (what: string, detail: string): DeploymentCheck => ({ what, verdict: 'holds', detail });
const fails = (what: string, detail: string): DeploymentCheck => ({ what, verdict: 'fails', detail });

/** The check, or a failed one where the chain's node does not answer it. */
async function attempt(what: string, check: () => Promise<DeploymentCheck>): Promise<DeploymentCheck> {
  return check().catch((error: unknown) => fails(what, `cannot be read: ${reasonOf(error).split('\n')[0]}`));
}

/** Code and creation of one contract. */
function checkCode(inspection: Inspection, { name, address, args }: Expected): Promise<DeploymentCheck> {
  const what = `code of ${name} ${address}`;
  const artifact = inspection.artifacts[name];
  return attempt(what, async () => {
    const code = await inspection.client.getCode({ address });
    if (!code) return fails(what, 'there is no contract');
    const at = firstDifference(code, artifact.runtime);
    if (at !== undefined) return fails(what, `differs from this version's from byte ${at} on`);
    const fault = await creationFault(inspection, { name, address, args }, artifact);
    return fault ? fails(what, fault) : holds(what, "this version's, from its creation on");
  });
}

/** The first byte outside of immutables that differs; undefined where none does. */
function firstDifference(code: Hex, { code: expected, immutables }: RuntimeCode): number | undefined {
  const [found, wanted] = [hexToBytes(code), hexToBytes(expected)];
  for (const { start, length } of immutables) {
    found.fill(0, start, start + length);
    wanted.fill(0, start, start + length);
  }
  const length = Math.max(found.length, wanted.length);
  for (let at = 0; at < length; at++) if (found[at] !== wanted[at]) return at;
  return undefined;
}

/** Why a contract was not created as this version would have created it. */
async function creationFault(
  { client, deployment }: Inspection,
  { address, args }: Expected,
  { abi, bytecode }: Artifact,
): Promise<string | undefined> {
  if (args === undefined) return 'what its constructor was given cannot be read';
  const hash = creationOf(deployment, address);
  if (!hash) return "the deployment's file names no transaction that created it";
  const [transaction, receipt] = await Promise.all([
    client.getTransaction({ hash }),
    client.getTransactionReceipt({ hash }),
  ]);
  const created = receipt.status === 'success' && receipt.contractAddress;
  if (transaction.to !== null || !created || !isAddressEqual(created, address))
    return `transaction ${hash} did not create it`;
  const expected = encodeDeployData({ abi, bytecode, args: [...args] });
  if (transaction.input === expected) return undefined;
  return transaction.input.startsWith(bytecode)
    ? `its constructor was given other values than wiring and keys ask for (transaction ${hash})`
    : `it was created by other code than this version's (transaction ${hash})`;
}

const creationOf = ({ creations, credit }: Deployment, address: Address): Hash | undefined =>
  Object.entries({ ...creations, ...credit?.creations }).find(([of]) =>
    isAddressEqual(of as Address, address),
  )?.[1];

/** Which contracts one of them works with. */
function checkWiring(
  { client, deployment }: Inspection,
  place: keyof typeof system,
  wiring: Wired & { readonly registry: Address },
): Promise<DeploymentCheck> {
  const what = `wiring of ${system[place]}`;
  return attempt(what, async () => {
    const read = { address: deployment[place], abi: marketplaceAbi } as const;
    const found = await client.readContract({ ...read, functionName: 'system' });
    const names = Object.keys(wiring) as (keyof typeof wiring)[];
    const wrong = names.find((name) => !isAddressEqual(found[name], wiring[name]));
    if (wrong)
      return fails(what, `its ${wrong} is ${found[wrong]}, but the deployment's is ${wiring[wrong]}`);
    if (place === 'vault') {
      const token = await client.readContract({ ...read, abi: stakeVaultAbi, functionName: 'token' });
      if (!isAddressEqual(token, deployment.token))
        return fails(what, `its token is ${token}, but the deployment's is ${deployment.token}`);
    }
    return holds(what, "names the deployment's contracts");
  });
}

/** A preset: what the registry says of it, and with keys its numbers, tau, verifying keys and verifiers' code. */
async function checkPreset(
  inspection: Inspection,
  name: string,
  keys: PresetKeys | undefined,
): Promise<DeploymentCheck[]> {
  const { client, deployment } = inspection;
  const listed = deployment.verifiers[name]!;
  const read = { address: deployment.registry, abi: verifierRegistryAbi } as const;
  const args = [presetId(name)] as const;
  const registered = await attempt(`preset ${name}`, async () => {
    const info = await client.readContract({ ...read, functionName: 'presetInfo', args });
    const wrong = circuits.find((circuit, i) => !isAddressEqual(info.verifiers[i]!, listed[circuit]));
    if (wrong)
      return fails(
        `preset ${name}`,
        `the registry's verifier of ${wrong} is not the ${listed[wrong]} of the deployment's file`,
      );
    const same =
      !keys ||
      (info.coordinatesPerChunk === keys.coordinatesPerChunk &&
        info.coordinateBits === keys.coordinateBits &&
        info.developmentKeys === keys.developmentKeys);
    if (!same)
      return fails(`preset ${name}`, 'its numbers, or the kind of its keys, are not those of the keys');
    return holds(`preset ${name}`, "registered with the verifiers of the deployment's file");
  });
  if (!keys)
    return [registered, { what: `keys of ${name}`, verdict: 'shown', detail: 'not checked: none are given' }];

  const tau = attempt(`tau of ${name}`, async () => {
    const found = await client.readContract({ ...read, functionName: 'tau', args });
    const same = (Object.keys(keys.tau) as (keyof typeof found)[]).every(
      (word) => found[word] === keys.tau[word],
    );
    if (same) return holds(`tau of ${name}`, 'that of the keys');
    return fails(
      `tau of ${name}`,
      'is not that of the keys: honest openings fail and are slashed, and who chose it may open anything',
    );
  });
  const verifiers = circuits.flatMap((circuit, number) => {
    const contract = verifierContracts[circuit];
    const constructed = verifierArguments(keys)[circuit];
    const what = `key of ${name}'s ${circuit}`;
    return [
      attempt(what, async () => {
        const hash = await client.readContract({ ...read, functionName: 'keyHash', args: [number, ...args] });
        return hash === keyHashOf(contract, constructed)
          ? holds(what, 'that of the keys')
          : fails(
              what,
              'is not that of the keys: honest proofs fail and are slashed, and others may be forged',
            );
      }),
      checkCode(inspection, { name: contract, address: listed[circuit], args: constructed }),
    ];
  });
  return [registered, ...(await Promise.all([tau, ...verifiers]))];
}

/** Credit's contracts; what each was constructed with is its wiring, and of a verifier its key. */
async function checkCredit(inspection: Inspection, credit: CreditDeployment): Promise<DeploymentCheck[]> {
  const { deployment } = inspection;
  const contracts: Expected[] = [
    { name: 'Issuers', address: credit.issuers, args: [] },
    { name: 'Models', address: credit.models, args: modelsArguments(deployment) },
    { name: 'Credentials', address: credit.credentials, args: credentialsArguments(credit) },
  ];
  const checks = contracts.map((contract) => checkCode(inspection, contract));
  if (!inspection.score)
    return [
      ...(await Promise.all(checks)),
      { what: 'keys of score', verdict: 'shown', detail: 'not checked: none are given' },
    ];
  const keys = parse('score', scoreKeysSchema, inspection.score);
  const verifiers = scoreShapes.map((shape) =>
    checkCode(inspection, { name: 'ScoreVerifier', address: credit.verifiers[shape], args: [keys[shape]] }),
  );
  return Promise.all([...checks, ...verifiers]);
}

const verifierContracts = {
  update: 'UpdateVerifier',
  aggregate: 'AggregateVerifier',
  alignment: 'AlignmentVerifier',
} as const satisfies Record<(typeof circuits)[number], ContractName>;

/** The hash that a verifier gives of its key: of what its constructor was given (docs/encodings.md). */
function keyHashOf(contract: ContractName, args: readonly unknown[]): Hex {
  const abi: Abi = abis[contract];
  const made = abi.find((item) => item.type === 'constructor');
  return keccak256(encodeAbiParameters(made!.inputs, args));
}

function readDelay({ client, deployment }: Inspection): Promise<bigint | undefined> {
  return client
    .readContract({ address: deployment.vault, abi: stakeVaultAbi, functionName: 'delay' })
    .catch(() => undefined);
}

/** What only a reader can judge: whose token it is, and how long stake waits. */
async function show(
  { artifacts, client, deployment }: Inspection,
  delay: bigint | undefined,
): Promise<DeploymentCheck[]> {
  const { token } = deployment;
  const code = await client.getCode({ address: token }).catch(() => undefined);
  const play = code && firstDifference(code, artifacts.DevelopmentToken.runtime) === undefined;
  const kind = play
    ? 'play money: anyone mints it'
    : "not one of this version's contracts; look at it yourself";
  return [
    { what: `token ${token}`, verdict: 'shown', detail: kind },
    { what: 'withdrawal delay', verdict: 'shown', detail: `${delay ?? 'unknown'} s` },
    {
      what: `registry ${deployment.registry}`,
      verdict: 'shown',
      detail: `account ${deployment.deployer} may add presets to it, and change none`,
    },
  ];
}
