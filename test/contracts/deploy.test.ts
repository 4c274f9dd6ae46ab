// A deployment: what stands on the chain afterwards, and what is refused before anything is sent.
import { type Address, createPublicClient, createWalletClient, http, zeroAddress } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createAnvil,
  type Deployment,
  type DeployOptions,
  deploy,
  deploymentSchema,
  developmentTokenAbi,
  marketplaceAbi,
  presetId,
  stakeVaultAbi,
  verifierRegistryAbi,
} from '../../contracts/index.ts';
import { cacheFolder } from '../cache_folder.ts';
import { g2, presetKeys } from './keys.ts';

const anvil = createAnvil();
const elsewhere = createAnvil({ chainId: 777 });
beforeAll(() => Promise.all([anvil.start(), elsewhere.start()]));
afterAll(() => Promise.all([anvil.stop(), elsewhere.stop()]));

const reader = (chain = anvil) => createPublicClient({ transport: http(chain.url) });
const tiny = presetKeys('tiny');
const options = (more: Partial<DeployOptions> = {}, chain = anvil): DeployOptions => ({
  url: chain.url,
  account: chain.account(0),
  presets: [tiny],
  cacheFolder,
  ...more,
});
const sent = (chain = anvil) => reader(chain).getTransactionCount({ address: chain.account(0).address });

describe('deploy', () => {
  let deployed: Deployment;
  beforeAll(async () => {
    deployed = await deploy(options({ presets: [tiny, presetKeys('quick')], withdrawalDelay: 60 }));
  });

  it('gives plain JSON that can be kept and read again', () => {
    expect(deploymentSchema.parse(JSON.parse(JSON.stringify(deployed)))).toEqual(deployed);
    expect(deployed).toMatchObject({ chainId: 31337, fromBlock: 0 });
  });

  it('wires the contracts to each other', async () => {
    const { vault, marketplace, keys, rounds, validation, settlement, disputes, exclusions, registry } =
      deployed;
    const wired = [vault, marketplace, keys, rounds, validation, settlement, disputes, exclusions];
    for (const address of wired) {
      const wiring = await reader().readContract({ address, abi: marketplaceAbi, functionName: 'system' });
      expect(wiring).toEqual({
        vault,
        marketplace,
        keys,
        rounds,
        validation,
        settlement,
        disputes,
        exclusions,
        registry,
      });
    }
    const vaultReader = { address: vault, abi: stakeVaultAbi } as const;
    expect(await reader().readContract({ ...vaultReader, functionName: 'token' })).toBe(deployed.token);
    expect(await reader().readContract({ ...vaultReader, functionName: 'delay' })).toBe(60n);
  });

  it('registers each preset with its verifiers', async () => {
    const registry = { address: deployed.registry, abi: verifierRegistryAbi } as const;
    for (const name of ['tiny', 'quick']) {
      const { update, aggregate, alignment } = deployed.verifiers[name]!;
      expect(
        await reader().readContract({ ...registry, functionName: 'presetInfo', args: [presetId(name)] }),
      ).toEqual({
        coordinatesPerChunk: 96,
        coordinateBits: 8,
        developmentKeys: true,
        verifiers: [update, aggregate, alignment],
      });
      const tau = await reader().readContract({ ...registry, functionName: 'tau', args: [presetId(name)] });
      expect(Object.values(tau).map(String)).toEqual(g2('tau'));
    }
  });

  it('makes play money that anyone mints', async () => {
    const account = anvil.account(1);
    const wallet = createWalletClient({ account, transport: http(anvil.url) });
    const token = { address: deployed.token, abi: developmentTokenAbi } as const;
    const hash = await wallet.writeContract({
      ...token,
      functionName: 'mint',
      args: [account.address, 5n],
      chain: null,
    });
    await reader().waitForTransactionReceipt({ hash });
    const args = [account.address] as const;
    expect(await reader().readContract({ ...token, functionName: 'balanceOf', args })).toBe(5n);
  });

  it('takes a token that is there', async () => {
    const names: string[] = [];
    const { token } = deployed;
    const again = await deploy(options({ token, onDeployed: (name) => names.push(name) }));
    expect(again.token).toBe(token);
    expect(names).not.toContain('DevelopmentToken');
    expect(again.marketplace).not.toBe(deployed.marketplace);
  });
});

describe('deploy refuses, before it sends anything,', () => {
  it('development keys on any other chain', async () => {
    const token = '0x00000000000000000000000000000000000000aa';
    await expect(deploy(options({ token }, elsewhere))).rejects.toThrow(
      /preset tiny are insecure development keys.*chain 777 is not a development chain/s,
    );
    expect(await sent(elsewhere)).toBe(0);
  });

  it('a chain with real money without a token', async () => {
    const presets = [{ ...tiny, developmentKeys: false }];
    await expect(deploy(options({ presets }, elsewhere))).rejects.toThrow('no token; on chain 777');
    await expect(deploy(options({ presets, token: zeroAddress }, elsewhere))).rejects.toThrow(
      'no contract on chain 777',
    );
    expect(await sent(elsewhere)).toBe(0);
  });

  it.each<[string, object[], string]>([
    ['no presets', [], 'no presets'],
    ['a preset given twice', [tiny, tiny], 'preset tiny is given twice'],
    ['a name that is none', [{ ...tiny, preset: '../x' }], 'presets[0]: preset: a preset name in lower case'],
    [
      'a key without a signal',
      [{ ...tiny, update: { ...tiny.update, ic: tiny.update.ic.slice(1) } }],
      'presets[0]: update.ic',
    ],
    [
      'a coordinate of q or more',
      [{ ...tiny, tau: ['0', '0', '0', String(2n ** 255n)] }],
      'presets[0]: tau.3',
    ],
    ['words that are no numbers', [{ ...tiny, tau: ['0x1', '0', '0', '0'] }], 'tau.0: decimal digits'],
    ['unknown fields', [{ ...tiny, extra: 1 }], 'presets[0]'],
  ])('%s', async (_, presets, message) => {
    const before = await sent();
    await expect(deploy(options({ presets: presets as never }))).rejects.toThrow(message);
    expect(await sent()).toBe(before);
  });
});

describe('the chain refuses', () => {
  it('a key with which anyone forges', async () => {
    const update = { ...tiny.update, delta: tiny.update.gamma };
    await expect(deploy(options({ presets: [{ ...tiny, update }] }))).rejects.toThrow('ForgeableKey');
  });

  it('a tau outside of G2', async () => {
    const presets = [{ ...tiny, tau: g2('outsideG2') }];
    await expect(deploy(options({ presets }))).rejects.toThrow('BadTau');
  });

  it('development keys that reach it by another way', async () => {
    // The registry of a chain with another id, asked directly.
    const presets = [{ ...tiny, developmentKeys: false }];
    const token = (await deploy(options({ presets }))).token as Address;
    const code = await reader().getCode({ address: token });
    const place: Address = '0x00000000000000000000000000000000000000bb';
    await reader(elsewhere).request({ method: 'anvil_setCode', params: [place, code] } as never);
    const other = await deploy(options({ presets, token: place }, elsewhere));
    const verifiers = Object.values(other.verifiers.tiny!) as unknown as readonly [Address, Address, Address];
    const wallet = createWalletClient({ account: elsewhere.account(0), transport: http(elsewhere.url) });
    const registering = wallet.writeContract({
      address: other.registry,
      abi: verifierRegistryAbi,
      functionName: 'register',
      args: [
        presetId('other'),
        { coordinatesPerChunk: 96, coordinateBits: 8, developmentKeys: true, verifiers },
      ],
      chain: null,
    });
    await expect(registering).rejects.toThrow('DevelopmentKeysRefused');
  });
});
