// Keys of the proof system: development keys, manifests, loading, and what makes a key unsound.
export { encodeBases, wordSignals } from './bases.ts';
export {
  type DevelopmentOptions,
  ensureDevelopmentKeys,
  findAlteredDevelopmentKeys,
  type KeyProgress,
} from './development.ts';
export { type CircuitKeys, findForeignCircuits, type KeySet, loadKeys } from './key_set.ts';
export { type KeyKind, type Manifest, type ManifestFile, manifestName, readManifest } from './manifest.ts';
export { developmentSeed } from './secret.ts';
export {
  checkVerifyingKey,
  type VerifyingKey,
  type VerifyingKeyJson,
  verifyingKeyFromJson,
  verifyingKeyToJson,
} from './verifying_key.ts';
export { readUncheckedZkey, readZkey, type ZkeyInfo } from './zkey.ts';
