// The keystore: accounts under a password, and secrets at rest under an account.

export { accountOf } from './account.ts';
export { decryptKey, encryptKey, type KeyFile, keyFileSchema } from './key.ts';
export { type Keystore, openKeystore, type UnlockedAccount } from './keystore.ts';
export { type PasswordSources, passwordFileVariable, passwordVariable, readPassword } from './password.ts';
export { createSecretBox, type SecretBox } from './secret_box.ts';
