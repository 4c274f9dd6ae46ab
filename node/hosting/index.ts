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
  maxPackage,
  type Opened,
  pack,
  unpack,
} from './package.ts';
export { type Receipt, readReceipt, signReceipt } from './receipt.ts';
