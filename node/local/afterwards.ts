// What a scenario does once its task has ended: it gets the final model, the honest validators, and the chain.
import { decodeModel } from '../protocol/index.ts';
import type { Lending } from '../report/index.ts';
import type { LocalFederation } from './assembly.ts';

/** Plays it; undefined where the scenario has nothing of the kind. */
export async function playAfterwards(
  federation: LocalFederation,
  { cacheFolder, say }: { readonly cacheFolder: string; readonly say: (text: string) => void },
): Promise<Lending | undefined> {
  const { scenario, chain, store, layout, task, description, place, newcomer } = federation;
  const last = chain.journal.rounds.findLast(({ modelAfter }) => modelAfter !== undefined)?.modelAfter;
  if (!scenario.afterwards || last === undefined) return undefined;
  const bytes = await store.get(last, { maxBytes: layout.size * 4 });
  const validators = federation.validators.flatMap(({ account: { name, signer }, kind }, seat) =>
    kind === scenario.validators[seat]!.kind ? [{ name, signer, data: scenario.validators[seat]!.data }] : [],
  );
  return scenario.afterwards({
    task,
    description,
    statistics: await federation.statistics(),
    model: decodeModel(bytes, layout.size),
    chain: place,
    validators,
    cacheFolder,
    newcomer,
    say,
  });
}
