// Credit on a real chain: sets of issuers as the prover has them, what validators sign, refusals by their names, and a pool.
import { readFileSync } from 'node:fs';
import {
  type CreditDeployment,
  type Deployment,
  deployCredit,
  deployPlayCollateral,
  deployPool,
  developmentFeedAbi,
  developmentTokenAbi,
  modelsAbi,
} from '@murmuration/contracts';
import { issuerKeyPair, issuersRoot, scoreDomain, serialHash } from '@murmuration/prover/score';
import { type Address, type Hex, hashTypedData, recoverTypedDataAddress, zeroAddress } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  acceptModel,
  addCollateral,
  approveModel,
  borrow,
  createIssuerSet,
  creditOf,
  curate,
  lend,
  readAcceptedModels,
  readIssuerSet,
  readLoan,
  readPool,
  readProofPlace,
  readRevocation,
  readStanding,
  repay,
  revokeSerial,
  type ScoreProofWords,
  type ScoreSignals,
  showCredential,
  withdrawCollateral,
} from '../../../node/lending/index.ts';
import { scoreModelData, token } from '../../../node/protocol/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { scoreKeys } from '../../contracts/keys.ts';
import { openSite, type Person, person, type Site } from '../chain/fixture.ts';

let site: Site;
let deployment: Deployment;
let credit: CreditDeployment;
let alice: Person;
let bob: Person;
const common = () => ({ url: site.anvil.url, account: site.anvil.account(0), cacheFolder });

beforeAll(async () => {
  site = await openSite();
  credit = await deployCredit({ ...common(), deployment: site.deployment, keys: scoreKeys });
  deployment = { ...site.deployment, credit };
  [alice, bob] = [await person(site, 41), await person(site, 42)];
});
afterAll(() => site?.anvil.stop());

const keyOf = (number: number) => issuerKeyPair(new Uint8Array(32).fill(number)).publicKey;

describe('a deployment', () => {
  it('without credit says how it comes to some', () => {
    expect(creditOf(deployment)).toBe(credit);
    expect(() => creditOf(site.deployment)).toThrow('the deployment has no credit');
  });

  it("names to a proof the domain that the prover computes, and the period's last second", async () => {
    const { domain, until } = await readProofPlace(site.client, credit);
    expect(domain).toBe(scoreDomain(31337n, credit.credentials));
    const { timestamp } = await site.client.getBlock();
    expect(until % 2_592_000n).toBe(0n);
    expect(until >= timestamp && until - timestamp < 2_592_000n).toBe(true);
  });
});

describe('a set of issuers', () => {
  it("has the root that the prover computes, after each change of its curator's", async () => {
    const sending = { sender: alice.sender, credit };
    const set = await createIssuerSet(sending);
    const places: ReturnType<typeof keyOf>[] = [];
    const rootOf = async () => (await readIssuerSet(site.client, credit, set)).root;
    expect(await rootOf()).toBe(issuersRoot([]));
    for (const number of [1, 2, 3]) {
      places.push(keyOf(number));
      await curate(sending, set, { kind: 'add', key: keyOf(number) });
      expect(await rootOf()).toBe(issuersRoot(places));
    }
    await curate(sending, set, { kind: 'rotate', index: 1n, key: keyOf(4) });
    expect(await rootOf()).toBe(issuersRoot([keyOf(1), keyOf(4), keyOf(3)]));
    await curate(sending, set, { kind: 'remove', index: 0n });
    const view = await readIssuerSet(site.client, credit, set);
    expect(view.root).toBe(issuersRoot([undefined, keyOf(4), keyOf(3)]));
    expect(view.keys).toEqual([undefined, keyOf(4), keyOf(3)]);
    expect(view).toMatchObject({ curator: alice.account.address, generation: 1n });
    await curate(sending, set, { kind: 'recall' });
    expect((await readIssuerSet(site.client, credit, set)).generation).toBe(2n);

    await expect(
      curate({ sender: bob.sender, credit }, set, { kind: 'add', key: keyOf(5) }),
    ).rejects.toMatchObject({ code: 'reverted', error: 'NotCurator' });
    await curate(sending, set, { kind: 'hand-over', to: bob.account.address });
    await curate({ sender: bob.sender, credit }, set, { kind: 'take-over' });
    expect((await readIssuerSet(site.client, credit, set)).curator).toBe(bob.account.address);
  });

  it('that nobody made is refused', async () => {
    await expect(readIssuerSet(site.client, credit, 99n)).rejects.toThrow('there is no set 99 of issuers');
  });
});

it("a serial's hash is the prover's, and its record is revoked once", async () => {
  const serial = 2n ** 247n + 5n;
  expect(await readRevocation(site.client, credit, serialHash(serial))).toBeUndefined();
  await revokeSerial({ sender: bob.sender, credit }, serial);
  const { timestamp } = await site.client.getBlock();
  expect(await readRevocation(site.client, credit, serialHash(serial))).toBe(timestamp);
  await expect(revokeSerial({ sender: alice.sender, credit }, serial)).rejects.toMatchObject({
    error: 'AlreadyRevoked',
  });
});

describe('a model', () => {
  const model = {
    digest: 5n,
    task: 1n,
    source: `0x${'33'.repeat(32)}` as Hex,
    content: `0x${'44'.repeat(32)}` as Hex,
    schema: 6n,
    shape: 1,
  };

  it('is signed as the contract hashes it', async () => {
    const data = scoreModelData({ chainId: 31337, contract: credit.models }, model);
    const asked = { address: credit.models, abi: modelsAbi, functionName: 'modelDigest' } as const;
    expect(await site.client.readContract({ ...asked, args: [model] })).toBe(hashTypedData(data));
    const { signer, signature } = await approveModel(
      { signer: alice.account, credit, chainId: 31337 },
      model,
    );
    expect(signer).toBe(alice.account.address);
    expect(await recoverTypedDataAddress({ ...data, signature })).toBe(signer);
  });

  it('of a task that has not ended is refused by that name, and there is none', async () => {
    const approval = await approveModel({ signer: alice.account, credit, chainId: 31337 }, model);
    await expect(acceptModel({ sender: alice.sender, credit }, model, [approval])).rejects.toMatchObject({
      code: 'reverted',
      error: 'TaskNotEnded',
    });
    expect(await readAcceptedModels(site.client, credit, 5n)).toEqual([]);
  });
});

describe('a credential', () => {
  const { proofs } = JSON.parse(
    readFileSync(new URL('../../vectors/credit.json', import.meta.url), 'utf8'),
  ) as { proofs: { publicSignals: Hex[]; proof: Hex[] }[] };
  const signals = proofs[0]!.publicSignals.map(BigInt) as unknown as ScoreSignals;
  const proof = proofs[0]!.proof.map(BigInt) as unknown as ScoreProofWords;

  it('for another contract, and of a model that is not accepted, is refused by those names', async () => {
    const showing = { set: 1n, signals, proof };
    const context = { sender: alice.sender, credit };
    await expect(showCredential(context, showing)).rejects.toMatchObject({ error: 'DomainDiffers' });
    const { domain } = await readProofPlace(site.client, credit);
    const here = [domain, ...signals.slice(1)] as unknown as ScoreSignals;
    await expect(showCredential(context, { ...showing, signals: here })).rejects.toMatchObject({
      error: 'ModelNotAccepted',
    });
    const about = { subject: alice.account.address, model: signals[1], set: 1n };
    expect(await readStanding(site.client, credit, about)).toBeUndefined();
  });
});

describe('a pool', () => {
  it('lends at 150 % to who has no credential, and says what it refuses by', async () => {
    const { token: collateral, feed } = await deployPlayCollateral(common(), 2_000n * 10n ** 8n);
    const wad = (share: number) => BigInt(Math.round(share * 1e6)) * 10n ** 12n;
    const pool = await deployPool({
      ...common(),
      name: 'Lent play money',
      symbol: 'lMUR',
      policy: {
        asset: deployment.token,
        collateral,
        feed,
        sequencer: zeroAddress,
        maxAge: 3600,
        minPrice: 1n,
        maxPrice: 10n ** 14n,
        credentials: credit.credentials,
        model: 5n,
        set: 1n,
        grace: 259_200,
        base: wad(0.01),
        slope: wad(0.04),
        steep: wad(0.95),
        kink: wad(0.8),
        minDebt: 10n * token,
      },
    });
    await mint(collateral, bob.account.address, 3n * token);
    const view = await readPool(site.client, pool);
    expect(view).toMatchObject({ asset: { decimals: 18 }, collateral: { symbol: 'dMUR' }, cash: 0n });
    await lend({ sender: alice.sender, pool: view }, 10_000n * token);
    const borrowing = { sender: bob.sender, pool: view };
    await addCollateral(borrowing, 3n * token);
    await expect(borrow(borrowing, 4_001n * token)).rejects.toMatchObject({ error: 'CollateralTooSmall' });
    await borrow(borrowing, 4_000n * token);
    const loan = await readLoan(site.client, pool, bob.account.address);
    expect(loan).toMatchObject({
      collateral: 3n * token,
      terms: { open: 15_000n, kept: 14_000n, bonus: 500n },
    });
    expect(loan.debt >= 4_000n * token && loan.debt < 4_001n * token).toBe(true);
    await expect(withdrawCollateral(borrowing, 1n)).rejects.toMatchObject({ error: 'CollateralTooSmall' });
    await bob.sender.send({ address: feed, abi: developmentFeedAbi, functionName: 'set', args: [-1n] });
    await expect(borrow(borrowing, token)).rejects.toMatchObject({ error: 'PriceOutOfBounds' });
    await repay(borrowing, 5_000n * token);
    await withdrawCollateral(borrowing, 3n * token);
    expect(await readLoan(site.client, pool, bob.account.address)).toMatchObject({
      collateral: 0n,
      debt: 0n,
    });
    await expect(readPool(site.client, deployment.token)).rejects.toThrow('there is no lending pool');
  });

  const mint = (address: Address, to: Address, amount: bigint) =>
    alice.sender.send({ address, abi: developmentTokenAbi, functionName: 'mint', args: [to, amount] });
});
