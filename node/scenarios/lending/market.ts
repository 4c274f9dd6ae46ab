// Who has to be there before anybody borrows: credit's contracts, an issuer in a lender's set, and a pool with money.
import {
  type CreditDeployment,
  deployCredit,
  deployPlayCollateral,
  deployPool,
  developmentTokenAbi,
} from '@murmuration/contracts';
import { type Address, zeroAddress } from 'viem';
import { type Issuer, issuerOf } from '../../credit/index.ts';
import {
  createIssuerSet,
  curate,
  developmentScoreKeys,
  lend,
  type PoolView,
  readPool,
  scoreKeysJson,
} from '../../lending/index.ts';
import { token } from '../../protocol/index.ts';
import type { Member } from '../../roles/index.ts';
import type { EndedFederation } from '../scenario.ts';

/** What the pool has to lend, in whole tokens. */
export const poolTokens = 10_000n;
/** Tokens of the asset that a whole token of collateral is worth. */
export const price = 2_000n;

/** Adds credit to the deployment, under development keys. */
export async function addCredit(payer: Member, ended: EndedFederation): Promise<CreditDeployment> {
  const { chain, cacheFolder, say } = ended;
  const { url, deployment } = chain;
  const keys = scoreKeysJson(await developmentScoreKeys({ cacheFolder, say }));
  return deployCredit({ url, account: payer.signer, deployment, keys, cacheFolder });
}

/** A set with one issuer. */
export interface IssuerPlace {
  readonly set: bigint;
  readonly issuer: Issuer;
}

/** A curator makes a set, and the issuer's key stands in it. */
export async function nameIssuer(
  curator: Member,
  bank: Member,
  credit: CreditDeployment,
): Promise<IssuerPlace> {
  const issuer = issuerOf(bank.secretBox, 1);
  const sending = { sender: curator.sender, credit };
  const set = await createIssuerSet(sending);
  await curate(sending, set, { kind: 'add', key: issuer.keys.publicKey });
  return { set, issuer };
}

const wad = (share: number): bigint => BigInt(Math.round(share * 1e6)) * 10n ** 12n;

/** Opens a pool that lends the deployment's token by the model's brackets, and fills it. */
export async function openPool(lender: Member, { ended, credit, set, model }: PoolChoice): Promise<PoolView> {
  const { chain, cacheFolder } = ended;
  const { url, deployment } = chain;
  const common = { url, account: lender.signer, cacheFolder };
  const { token: collateral, feed } = await deployPlayCollateral(common, price * 10n ** 8n);
  const address = await deployPool({
    ...common,
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
      model,
      set,
      grace: 259_200,
      base: wad(0.01),
      slope: wad(0.04),
      steep: wad(0.95),
      kink: wad(0.8),
      minDebt: 10n * token,
    },
  });
  const pool = await readPool(lender.client, address);
  await lend({ sender: lender.sender, pool }, poolTokens * token);
  return pool;
}

/** What a pool lends by. */
export interface PoolChoice {
  readonly ended: EndedFederation;
  readonly credit: CreditDeployment;
  readonly set: bigint;
  readonly model: bigint;
}

/** Gives somebody play money of the collateral. */
export async function mint(
  { sender }: Member,
  { to, collateral: address, amount }: { to: Address; collateral: Address; amount: bigint },
): Promise<void> {
  await sender.send({ address, abi: developmentTokenAbi, functionName: 'mint', args: [to, amount] });
}
