// What a deployment's file says of it is checked against the chain: each way in which its deployer can cheat
// is one failing check.
import {
  type Address,
  concat,
  createPublicClient,
  createWalletClient,
  getAddress,
  type Hex,
  http,
  size,
  toHex,
} from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Deployer } from '../../contracts/deploy/deployer.ts';
import {
  type Artifacts,
  createAnvil,
  type Deployment,
  type DeploymentCheck,
  deploy,
  inspectDeployment,
  loadArtifacts,
} from '../../contracts/index.ts';
import { cacheFolder } from '../cache_folder.ts';
import { g2, presetKeys } from './keys.ts';

const anvil = createAnvil();
const tiny = presetKeys('tiny');
let artifacts: Artifacts;
let honest: Deployment;
beforeAll(async () => {
  await anvil.start();
  artifacts = await loadArtifacts({ cacheFolder });
  honest = await deploy({ url: anvil.url, account: anvil.account(0), presets: [tiny], cacheFolder });
});
afterAll(() => anvil.stop());

const client = () => createPublicClient({ transport: http(anvil.url), cacheTime: 0 });
const inspect = (deployment: Deployment, presets = [tiny]) =>
  inspectDeployment({ client: client(), deployment, artifacts, presets });
const failing = (checks: readonly DeploymentCheck[]) =>
  checks.filter(({ verdict }) => verdict === 'fails').map(({ what, detail }) => `${what}: ${detail}`);

/** Code that a constructor of the deployer's own leaves there, after it has run `first`. */
async function create(runtime: Hex, first: Hex = '0x'): Promise<{ address: Address; transaction: Hex }> {
  // PUSH2 length, DUP1, PUSH1 start, PUSH0, CODECOPY, PUSH0, RETURN
  const start = toHex(10 + size(first), { size: 1 });
  const copy = concat(['0x61', toHex(size(runtime), { size: 2 }), '0x8060', start, '0x5f395ff3']);
  const wallet = createWalletClient({ account: anvil.account(0), transport: http(anvil.url) });
  const transaction = await wallet.sendTransaction({ data: concat([first, copy, runtime]), chain: null });
  const { contractAddress } = await client().waitForTransactionReceipt({ hash: transaction });
  return { address: getAddress(contractAddress!), transaction };
}

/** The code with one byte changed. */
function altered(code: Hex, at: number): Hex {
  const digits = 2 + 2 * at;
  const byte = Number.parseInt(code.slice(digits, digits + 2), 16) ^ 1;
  return `0x${code.slice(2, digits)}${byte.toString(16).padStart(2, '0')}${code.slice(digits + 2)}`;
}

const codeOf = async (address: Address): Promise<Hex> => (await client().getCode({ address }))!;

describe('a deployment', () => {
  it('of this version with the keys of its reader holds', async () => {
    const checks = await inspect(honest);
    expect(failing(checks)).toEqual([]);
    expect(
      checks.filter(({ verdict }) => verdict === 'holds').map(({ what }) => what.split(' 0x')[0]),
    ).toEqual([
      'code of VerifierRegistry',
      'code of StakeVault',
      'code of Marketplace',
      'code of KeyRegistry',
      'code of Rounds',
      'code of Validation',
      'code of Settlement',
      'code of Disputes',
      'code of Exclusions',
      'code of Bulletin',
      'wiring of StakeVault',
      'wiring of Marketplace',
      'wiring of KeyRegistry',
      'wiring of Rounds',
      'wiring of Validation',
      'wiring of Settlement',
      'wiring of Disputes',
      'wiring of Exclusions',
      'preset tiny',
      'tau of tiny',
      "key of tiny's update",
      'code of UpdateVerifier',
      "key of tiny's aggregate",
      'code of AggregateVerifier',
      "key of tiny's alignment",
      'code of AlignmentVerifier',
    ]);
    expect(checks.filter(({ verdict }) => verdict === 'shown').map(({ detail }) => detail)).toEqual([
      'play money: anyone mints it',
      '604800 s',
      `account ${honest.deployer} may add presets to it, and change none`,
    ]);
  });

  it('says of a preset for which no keys are given that it was not checked', async () => {
    const checks = await inspect(honest, []);
    expect(failing(checks)).toEqual([]);
    expect(checks).toContainEqual({
      what: 'keys of tiny',
      verdict: 'shown',
      detail: 'not checked: none are given',
    });
  });

  it('with the keys and another tau fails', async () => {
    // The verifying keys are the true ones; of this tau the deployer knows the secret.
    const presets = [{ ...tiny, tau: g2('b') }];
    const other = await deploy({ url: anvil.url, account: anvil.account(0), presets, cacheFolder });
    const found = failing(await inspect(other));
    expect(found[0]).toMatch(/^tau of tiny: is not that of the keys: honest openings fail and are slashed/);
    expect(found.map((line) => line.split(' 0x')[0]!.split(': ')[0])).toEqual([
      'tau of tiny',
      "key of tiny's update",
      'code of UpdateVerifier',
      "key of tiny's aggregate",
      'code of AggregateVerifier',
    ]);
  });

  it('fails by one byte of the code of any contract', async () => {
    const { update, aggregate, alignment } = honest.verifiers.tiny!;
    const addresses = [
      honest.registry,
      honest.vault,
      honest.marketplace,
      honest.keys,
      honest.rounds,
      honest.validation,
      honest.settlement,
      honest.disputes,
      honest.exclusions,
      honest.bulletin,
    ];
    for (const address of [...addresses, update, aggregate, alignment]) {
      const code = await codeOf(address);
      const at = size(code) - 1;
      await client().request({ method: 'anvil_setCode', params: [address, altered(code, at)] } as never);
      expect(failing(await inspect(honest))).toEqual([
        expect.stringMatching(
          new RegExp(`^code of \\w+ ${address}: differs from this version's from byte ${at} on`),
        ),
      ]);
      await client().request({ method: 'anvil_setCode', params: [address, code] } as never);
    }
  });

  it('with a verifier whose immutables are chosen fails, although masked code and key hash are true', async () => {
    const { update } = honest.verifiers.tiny!;
    const code = await codeOf(update);
    // Find a word of the key: alpha's x, which no getter shows.
    const alpha = BigInt(tiny.update.alpha[0]).toString(16).padStart(64, '0');
    const at = (code.indexOf(alpha) - 2) / 2;
    expect(at).toBeGreaterThan(0);
    const { address, transaction } = await create(altered(code, at + 31));
    await client().request({ method: 'anvil_setCode', params: [update, altered(code, at + 31)] } as never);
    expect(failing(await inspect(honest)), 'masked, it is the same').toEqual([]);
    await client().request({ method: 'anvil_setCode', params: [update, code] } as never);
    const bulletin = { ...honest, verifiers: { tiny: { ...honest.verifiers.tiny!, update: address } } };
    bulletin.creations = { ...honest.creations, [address]: transaction };
    expect(failing(await inspect(bulletin))).toEqual([
      `preset tiny: the registry's verifier of update is not the ${address} of the deployment's file`,
      `code of UpdateVerifier ${address}: it was created by other code than this version's (transaction ${transaction})`,
    ]);
  });

  it('with a vault whose storage was filled at birth fails, although its code is the true one', async () => {
    const { address, transaction } = await create(
      await codeOf(honest.vault),
      '0x600160025560016003556001600455',
    );
    const filled = { ...honest, vault: address, creations: { ...honest.creations, [address]: transaction } };
    expect(failing(await inspect(filled))).toContain(
      `code of StakeVault ${address}: it was created by other code than this version's (transaction ${transaction})`,
    );
  });

  it('with a contract that is wired to another vault fails', async () => {
    const { vault, marketplace, keys, validation, settlement, disputes, exclusions, registry, rounds } =
      honest;
    const deployer = new Deployer(http(anvil.url), anvil.account(0), artifacts);
    const elsewhere = honest.bulletin;
    const wiring = {
      vault: elsewhere,
      marketplace,
      keys,
      rounds,
      validation,
      settlement,
      disputes,
      exclusions,
      registry,
    };
    const { address, transaction } = await deployer.create('Settlement', [wiring]);
    const creations = { ...honest.creations, [address]: transaction };
    const found = failing(await inspect({ ...honest, settlement: address, creations }));
    expect(found).toContain(
      `wiring of Settlement: its vault is ${elsewhere}, but the deployment's is ${vault}`,
    );
    expect(found).toContainEqual(
      expect.stringMatching(
        /^code of Settlement 0x\w+: its constructor was given other values than wiring and keys/,
      ),
    );
  });

  it('whose file names no creation, or that of another contract, fails', async () => {
    const { [honest.rounds]: ofRounds, ...creations } = honest.creations;
    expect(failing(await inspect({ ...honest, creations }))).toEqual([
      `code of Rounds ${honest.rounds}: the deployment's file names no transaction that created it`,
    ]);
    creations[honest.rounds] = creations[honest.vault]!;
    expect(failing(await inspect({ ...honest, creations }))).toEqual([
      `code of Rounds ${honest.rounds}: transaction ${creations[honest.rounds]} did not create it`,
    ]);
    creations[honest.rounds] = `0x${'00'.repeat(32)}`;
    expect(failing(await inspect({ ...honest, creations }))[0]).toMatch(
      /^code of Rounds 0x\w+: cannot be read/,
    );
    expect(ofRounds).toMatch(/^0x/);
  });
});
