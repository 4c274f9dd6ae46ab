/** The contracts, from TypeScript: their ABIs, a development chain, and how to deploy. */
export * from './abi/index.ts';
export { type Anvil, type AnvilOptions, createAnvil } from './anvil.ts';
export { compile } from './artifacts.ts';
export { type DeployOptions, deploy, developmentChains, presetId } from './deploy.ts';
export { type Deployment, deploymentSchema, type PresetKeysJson, presetKeysSchema } from './deployment.ts';
