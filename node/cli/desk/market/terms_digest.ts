// What a task's terms are, as a digest: who joins says by it which were shown, so that no others are agreed to.
import { createHash } from 'node:crypto';
import type { PostedTask } from '../../../chain/index.ts';

/** SHA-256 of all that the planner set, in hexadecimal digits. */
export function termsDigest({ planner, parameters, economics, rules, deadlines }: PostedTask): string {
  const text = JSON.stringify([planner, parameters, economics, rules, deadlines], (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}` : value,
  );
  return createHash('sha256').update(text).digest('hex');
}
