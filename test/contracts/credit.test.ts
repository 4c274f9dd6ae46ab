// What credit adds to a deployment: contracts that a reader can check, and refusals before anything is sent.
import { createPublicClient, getAddress, http, size, toHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createAnvil,
  credentialsAbi,
  type Deployment,
  type DeploymentCheck,
  deploy,
  deployCredit,
  deploymentSchema,
  inspectDeployment,
  issuersAbi,
  loadArtifacts,
  modelsAbi,
  type ScoreKeysJson,
} from '../../contracts/index.ts';
import { cacheFolder } from '../cache_folder.ts';
import { scoreKeys as keys, presetKeys } from './keys.ts';

const anvil = createAnvil();
let deployment: Deployment;
beforeAll(async () => {
  await anvil.start();
  const common = { url: anvil.url, account: anvil.account(0), cacheFolder };
  const bare = await deploy({ ...common, presets: [presetKeys('tiny')] });
  deployment = { ...bare, credit: await deployCredit({ ...common, deployment: bare, keys }) };
});
afterAll(() => anvil.stop());

const client = () => createPublicClient({ transport: http(anvil.url), cacheTime: 0 });
const inspect = async (deployment: Deployment, score: ScoreKeysJson | undefined = keys) =>
  inspectDeployment({
    client: client(),
    deployment,
    artifacts: await loadArtifacts({ cacheFolder }),
    presets: [presetKeys('tiny')],
    ...(score && { score }),
  });
const failing = (checks: readonly DeploymentCheck[]) =>
  checks.filter(({ verdict }) => verdict === 'fails').map(({ what, detail }) => `${what}: ${detail}`);
const sent = () => client().getTransactionCount({ address: anvil.account(0).address });

describe('credit of a deployment', () => {
  it('is plain JSON in the deployment, which is one without it, too', () => {
    expect(deploymentSchema.parse(JSON.parse(JSON.stringify(deployment)))).toEqual(deployment);
    const { credit, ...bare } = deployment;
    expect(credit).toBeDefined();
    expect(deploymentSchema.parse(bare)).toEqual(bare);
  });

  it('reads the tasks of its deployment, and verifies with the keys', async () => {
    const { models, credentials, issuers, verifiers } = deployment.credit!;
    const read = { address: models, abi: modelsAbi } as const;
    expect(await client().readContract({ ...read, functionName: 'marketplace' })).toBe(
      deployment.marketplace,
    );
    expect(await client().readContract({ ...read, functionName: 'rounds' })).toBe(deployment.rounds);
    expect(await client().readContract({ ...read, functionName: 'vault' })).toBe(deployment.vault);
    const asked = { address: credentials, abi: credentialsAbi } as const;
    expect(await client().readContract({ ...asked, functionName: 'issuers' })).toBe(issuers);
    expect(await client().readContract({ ...asked, functionName: 'verifierOf', args: [0n] })).toBe(
      verifiers.logistic,
    );
    expect(await client().readContract({ ...asked, functionName: 'verifierOf', args: [1n] })).toBe(
      verifiers.network,
    );
    expect(await client().readContract({ address: issuers, abi: issuersAbi, functionName: 'setCount' })).toBe(
      0n,
    );
  });

  it('holds for a reader who has the keys', async () => {
    const checks = await inspect(deployment);
    expect(failing(checks)).toEqual([]);
    const held = checks.filter(({ verdict }) => verdict === 'holds').map(({ what }) => what.split(' 0x')[0]);
    expect(held).toEqual(
      expect.arrayContaining(['code of Issuers', 'code of Models', 'code of Credentials']),
    );
    expect(held.filter((what) => what === 'code of ScoreVerifier')).toHaveLength(2);
  });

  it('says that its keys were not checked where the reader has none', async () => {
    const checks = await inspectDeployment({
      client: client(),
      deployment,
      artifacts: await loadArtifacts({ cacheFolder }),
      presets: [],
    });
    expect(failing(checks)).toEqual([]);
    expect(checks).toContainEqual({
      what: 'keys of score',
      verdict: 'shown',
      detail: 'not checked: none are given',
    });
  });

  it('fails with the key of another shape in its place', async () => {
    const swapped = { ...keys, logistic: keys.network, network: keys.logistic };
    expect(failing(await inspect(deployment, swapped))).toEqual([
      expect.stringContaining(`code of ScoreVerifier ${deployment.credit!.verifiers.logistic}`),
      expect.stringContaining(`code of ScoreVerifier ${deployment.credit!.verifiers.network}`),
    ]);
  });

  it('fails where its models are those of other contracts', async () => {
    const other = { ...deployment, rounds: deployment.validation };
    expect(failing(await inspect(other))).toEqual(
      expect.arrayContaining([expect.stringMatching(/^code of Models .*other values than wiring/)]),
    );
  });

  it('fails by one byte of the code of any of its contracts', async () => {
    const { issuers, models, credentials, verifiers } = deployment.credit!;
    for (const address of [issuers, models, credentials, verifiers.logistic, verifiers.network]) {
      const code = (await client().getCode({ address }))!;
      const bytes = Uint8Array.from(Buffer.from(code.slice(2), 'hex'));
      bytes[size(code) - 1]! ^= 1;
      await client().request({ method: 'anvil_setCode', params: [address, toHex(bytes)] } as never);
      expect(failing(await inspect(deployment))).toEqual([
        expect.stringMatching(new RegExp(`${getAddress(address)}: differs from this version's`)),
      ]);
      await client().request({ method: 'anvil_setCode', params: [address, code] } as never);
    }
  });
});

describe('deployCredit', () => {
  const options = () => ({ url: anvil.url, account: anvil.account(0), cacheFolder, deployment, keys });

  it('refuses another chain, and sends nothing', async () => {
    const before = await sent();
    await expect(deployCredit({ ...options(), deployment: { ...deployment, chainId: 1 } })).rejects.toThrow(
      'serves chain 31337, but the deployment is on chain 1',
    );
    expect(await sent()).toBe(before);
  });

  it('refuses keys that are none, and names the field', async () => {
    const before = await sent();
    const short = { ...keys, network: { ...keys.network, ic: keys.network.ic.slice(1) } };
    await expect(deployCredit({ ...options(), keys: short })).rejects.toThrow('keys: network.ic');
    expect(await sent()).toBe(before);
  });

  it('refuses development keys where money is real', async () => {
    const elsewhere = createAnvil({ chainId: 777 });
    await elsewhere.start();
    try {
      await expect(
        deployCredit({ ...options(), url: elsewhere.url, deployment: { ...deployment, chainId: 777 } }),
      ).rejects.toThrow('insecure development keys');
    } finally {
      await elsewhere.stop();
    }
  });
});
