// A consumer of the contracts. viem's types take a browser's for granted.
import {
  type Artifacts,
  createAnvil,
  type Deployment,
  deploy,
  loadArtifacts,
  marketplaceAbi,
} from '@murmuration/contracts';

export const functions: 'system' | undefined = marketplaceAbi.find(
  (item): item is Extract<(typeof marketplaceAbi)[number], { name: 'system' }> =>
    item.type === 'function' && item.name === 'system',
)?.name;

export async function start(): Promise<Deployment> {
  const anvil = createAnvil();
  const artifacts: Artifacts = await loadArtifacts();
  // @ts-expect-error there is no such contract
  artifacts.Token satisfies object;
  return deploy({ url: anvil.url, account: anvil.account(0), presets: [] });
}
