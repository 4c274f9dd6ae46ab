// The words by which this program knows the contracts' enumerations: a member that moves in the Solidity is
// noticed here.

import { circuitNames } from '@murmuration/circuits';
import {
  circuits,
  disputeStatuses,
  faults,
  outcomes,
  phases,
  roles,
  selectors,
  standings,
  taskStatuses,
  verdicts,
} from '@murmuration/contracts';
import { expect, it } from 'vitest';

it.each([
  ['circuits', circuits, circuitNames],
  ['dispute statuses', disputeStatuses, ['none', 'pending', 'executed', 'overturned']],
  ['faults', faults, ['none', 'no-show', 'invalid-proof', 'outlier', 'disputed', 'excluded']],
  ['outcomes', outcomes, ['pending', 'accepted', 'rejected', 'void']],
  [
    'phases',
    phases,
    ['none', 'support', 'submit', 'inspect', 'aggregate', 'commit', 'reveal', 'settle', 'closed'],
  ],
  ['roles', roles, ['none', 'trainer', 'validator']],
  ['selectors', selectors, ['probe', 'leader']],
  ['standings', standings, ['none', 'good', 'suspended', 'ejected']],
  ['task statuses', taskStatuses, ['none', 'open', 'drawing', 'keying', 'running', 'ended', 'cancelled']],
  ['verdicts', verdicts, ['neither', 'cleared', 'struck', 'harsher']],
])('%s keep their numbers', (_, found, expected) => {
  expect(found).toEqual(expected);
});
