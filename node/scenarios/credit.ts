// Three lenders learn one score: the files of examples/lenders; borrowers then prove it to a pool.
import { lending } from './lending/index.ts';
import type { SiteFederation } from './sites/federation.ts';
import { siteScenario } from './sites/scenario.ts';

/** The lenders. */
export const lenders: SiteFederation = {
  folder: 'lenders',
  word: 'lender',
  sites: [
    { file: 'cars', name: 'cars' },
    { file: 'goods', name: 'goods' },
    { file: 'rest', name: 'rest' },
  ],
};

/**
 * Their federation; its rows are cut by the first seed whose figures lie inside every interval of docs/joining.md. Then the
 * score goes on chain, and borrowers show it.
 */
export const credit = siteScenario(lenders, 2, lending);
