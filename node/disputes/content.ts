// What content says that can be had, and is not what it must be.
import { HeError } from '@murmuration/he';
import { NodeError } from '../errors.ts';
import { StoreError } from '../store/index.ts';

/**
 * Whether a failure tells that the content under a digest is something else: its encoding, its size or its proof is
 * wrong, and stays so. What cannot be had now is another matter: it tells nothing.
 */
export const isSomethingElse = (error: unknown): boolean =>
  error instanceof HeError ||
  (error instanceof StoreError
    ? error.reason === 'oversized'
    : error instanceof NodeError && (error.code === 'wire' || error.code === 'sum'));
