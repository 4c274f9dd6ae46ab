// The contracts, from TypeScript: their ABIs, a development chain, and how to deploy.
export * from './abi/index.ts';
export type { Artifact, Artifacts, ContractName, RuntimeCode } from './artifacts.ts';
export {
  type CreditOptions,
  deployCredit,
  deployPlayCollateral,
  deployPool,
  type PoolOptions,
  scoreShapes,
} from './deploy/credit.ts';
export { type DeployOptions, deploy, developmentChains, presetId } from './deploy/deploy.ts';
export {
  type CreditDeployment,
  type Deployment,
  deploymentSchema,
  type PresetKeysJson,
  presetKeysSchema,
  type ScoreKeysJson,
  scoreKeysSchema,
} from './deploy/deployment.ts';
export { type DeploymentCheck, type Inspection, inspectDeployment } from './deploy/inspect.ts';
export { ContractsError, type ContractsErrorCode } from './errors.ts';
export { type ArtifactOptions, loadArtifacts } from './load_artifacts.ts';
export { type Anvil, type AnvilOptions, createAnvil } from './tools/anvil.ts';
export type {
  Deadlines,
  Economics,
  KeyRegistration,
  NewTask,
  ProvenAlignment,
  ProvenChunk,
  ProvenSumChunk,
  RegisteredPreset,
  Rules,
  TaskParameters,
} from './types.ts';
