// What a scenario does once its task has ended: it gets the final model, the honest validators, and the chain.
import { reasonOf } from '@murmuration/core';
import { decodeModel } from '../protocol/index.ts';
import type { Report } from '../report/index.ts';
import type { LocalFederation } from './assembly.ts';

/**
 * Plays it. What the training came to is reported whatever happens here, so a fault is a part of the report: validators who
 * cheat may leave too few to sign.
 */
export async function playAfterwards(
  federation: LocalFederation,
  { cacheFolder, say }: { readonly cacheFolder: string; readonly say: (text: string) => void },
): Promise<Pick<Report, 'lending' | 'unfinished'>> {
  const { scenario, chain, store, layout, task, description, place, newcomer } = federation;
  const last = chain.journal.rounds.findLast(({ modelAfter }) => modelAfter !== undefined)?.modelAfter;
  if (!scenario.afterwards) return {};
  if (last === undefined) return { unfinished: 'no round was accepted, so there is no model to go on with' };
  const bytes = await store.get(last, { maxBytes: layout.size * 4 });
  const validators = federation.validators.flatMap(({ account: { name, signer }, kind }, seat) =>
    kind === scenario.validators[seat]!.kind ? [{ name, signer, data: scenario.validators[seat]!.data }] : [],
  );
  try {
    const lending = await scenario.afterwards({
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
    return { lending };
  } catch (fault) {
    return { unfinished: reasonOf(fault).slice(0, 2_000) };
  }
}
