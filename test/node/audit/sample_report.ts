// A report with something of everything, for tests of what is made of reports.
import { type AuditReport, auditFormat } from '../../../node/audit/index.ts';
import { checkKindNames } from '../../../node/audit/kinds.ts';

const digest = (digit: string) => `0x${digit.repeat(64)}` as const;
const account = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';

export const sampleReport: AuditReport = {
  format: auditFormat,
  created: '2026-11-26T12:00:00.000Z',
  software: 'murmur 0.0.0',
  outcome: 'failed',
  task: {
    chainId: 31337,
    marketplace: account,
    rounds: account,
    number: '1',
    planner: account,
    status: 'ended',
    name: 'hearts <of> "four" clinics',
    description: digest('1'),
    firstModel: digest('2'),
    lastModel: digest('3'),
  },
  chain: { from: '1', until: '9', untilHash: digest('4'), blocks: [{ number: '2', hash: digest('5') }] },
  parameters: { chunks: '1', roundReward: '10000000000000000000' },
  keys: {
    preset: 'tiny',
    kind: 'insecure-development',
    contributors: [],
    verifyingKeys: { update: digest('6') },
    collectiveKey: digest('7'),
  },
  people: [
    {
      account,
      role: 'trainer',
      weight: 1,
      standing: 'ejected',
      pledged: '100000000000000000000',
      earned: '2500000000000000000',
      reported: '0',
      slashed: '1000000000000000000',
      burnt: '0',
      level: 2,
      suspicion: 8,
    },
  ],
  rounds: [
    {
      number: 1,
      outcome: 'accepted',
      updates: 3,
      probes: 2,
      refused: 1,
      excluded: 0,
      leftOut: 1,
      sums: 2,
      quality: 9000,
      gain: -5,
      model: digest('8'),
    },
  ],
  checks: checkKindNames.map((kind) => ({ kind, passed: 3, failed: kind === 'model' ? 1 : 0, unchecked: 0 })),
  findings: [
    {
      kind: 'model',
      verdict: 'failed',
      subject: 'version <script>alert(1)</script>',
      reason: 'the round’s sum gives another',
      round: 1,
      artifact: digest('8'),
    },
  ],
  misconduct: [{ account, round: 1, what: 'false-proof', text: 'sent a false proof', shownBy: digest('9') }],
  limits: ['what single updates contain'],
  artifacts: [{ kind: 'model', digest: digest('2'), state: 'read' }],
};
