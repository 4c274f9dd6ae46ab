// Whether a federation with a fault came to what it would have come to without one.
import { isHonest, type MemberOutcome } from '../adversaries/outcome.ts';
import type { Staged } from './federation.ts';

/** What a fault took, each as one line; empty where it took nothing. */
export function lossesOf(
  staged: Staged,
  { models, members: undisturbed }: Pick<Staged, 'models' | 'members'>,
): string[] {
  const { rounds, members, contradictions, held } = staged;
  const lost: string[] = [];
  for (const [at, outcome] of rounds.entries())
    if (outcome !== 'accepted') lost.push(`round ${at + 1} is ${outcome}`);
  if (rounds.length < models.length) lost.push(`${models.length - rounds.length} rounds are missing`);
  for (const member of members.filter(isHonest)) lost.push(...lostBy(member, undisturbed));
  for (const name of held) lost.push(`${name}: its stake is not free at the end`);
  lost.push(...contradictions);
  const same = models.every((model, at) => at >= staged.models.length || model === staged.models[at]);
  if (!same) lost.push('a model is another one than without the fault');
  return lost;
}

function lostBy(
  { name, lost, faults, ejected, earned }: MemberOutcome,
  undisturbed: readonly MemberOutcome[],
): string[] {
  const own: string[] = [];
  if (lost > 0) own.push(`${name} loses ${lost} (${Object.keys(faults).join(', ')})`);
  if (ejected) own.push(`${name} loses its seat`);
  const before = undisturbed.find((member) => member.name === name)?.earned ?? 0;
  // Amounts are of 18 decimals, and shown as floating-point numbers.
  if (Math.abs(earned - before) > 1e-9) own.push(`${name} earns ${earned}, not ${before}`);
  return own;
}
