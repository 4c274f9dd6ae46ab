// Four hospitals learn to tell heart disease: the files of examples/clinics.
import type { SiteFederation } from './sites/federation.ts';
import { siteScenario } from './sites/scenario.ts';

/** The hospitals. The example leaves three columns out, which are mostly missing outside of Cleveland. */
export const hospitals: SiteFederation = {
  folder: 'clinics',
  word: 'hospital',
  sites: [
    { file: 'cleveland', name: 'Cleveland' },
    { file: 'hungarian', name: 'Budapest' },
    { file: 'switzerland', name: 'Zurich' },
    { file: 'va', name: 'Long Beach' },
  ],
  further: {
    columns: [
      { type: 'categorical', name: 'slope', values: ['1', '2', '3'], missing: 'category' },
      { type: 'categorical', name: 'ca', values: ['0', '1', '2', '3'], missing: 'category' },
      { type: 'categorical', name: 'thal', values: ['3', '6', '7'], missing: 'category' },
    ],
    inputs: 13,
  },
};

/** Their federation; its rows are cut by the first seed whose figures lie inside every interval of docs/joining.md. */
export const clinics = siteScenario(hospitals, 5);
