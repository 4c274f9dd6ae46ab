// The table of what is fuzzed.
import type { Target } from './target.ts';
import { encryptionTargets } from './targets/encryption.ts';
import { exchangeTargets } from './targets/exchange.ts';
import { fileTargets } from './targets/files.ts';
import { messageTargets } from './targets/messages.ts';
import { proofTargets } from './targets/proofs.ts';
import { serviceTargets } from './targets/service.ts';

/** Everything that reads bytes from elsewhere. */
export const targets: readonly Target[] = [
  ...messageTargets,
  ...exchangeTargets,
  ...encryptionTargets,
  ...proofTargets,
  ...serviceTargets,
  ...fileTargets,
];
