// The type check.
import { commands, type Suite } from './suite.ts';

export const types: Suite = {
  name: 'types',
  what: 'tsc --noEmit',
  run: () =>
    commands([
      ['TypeScript types', 'tsc', '--noEmit'],
      ['TypeScript types of the page', 'tsc', '--project', 'desk/page'],
    ]),
};
