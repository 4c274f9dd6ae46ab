// Steps that fail because somebody else is not there yet.
import { walkCauses } from '@murmuration/core';
import { StoreError } from '../../store/index.ts';

/**
 * Whether a step failed for content that its author has not put into the store yet: no fault, and the wait ends with
 * the phase. The ring's errors have the store's among their causes.
 */
export function waitsForContent(error: unknown): boolean {
  return walkCauses(error, isMissing) !== undefined;
}

const isMissing = (error: Error): boolean => error instanceof StoreError && error.reason === 'missing';
