// Hosting: an owner's rows and mandate, sealed to one host that runs the node for it.
export {
  fingerprint,
  type HostIdentity,
  makeIdentity,
  openingKey,
  readIdentity,
  sealingKeyOf,
} from './identity.ts';
export {
  checkStanding,
  contentOf,
  type HostedFile,
  type Mandate,
  mandateOf,
  maxPackage,
  type Opened,
  pack,
  packageWord,
  seal,
  unpack,
} from './package.ts';
export { parseReceipt, type Receipt, readReceipt, signReceipt } from './receipt.ts';
export { hostingData } from './signed.ts';
