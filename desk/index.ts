// The desk: the words by which the page and its node speak, and the page itself, built.
export { type Account, accountSchema, accountsSchema, passwordSchema } from './api/account.ts';
export {
  type Audit,
  auditFileNames,
  auditSchema,
  type Site,
  siteFileNames,
  siteSchema,
} from './api/audit.ts';
export {
  type ColumnFit,
  columnFitSchema,
  type File,
  fileSchema,
  filesSchema,
  longestName,
  type Match,
  type Matches,
  matchesSchema,
  matchSchema,
  type Reading,
  readingSchema,
} from './api/file.ts';
export {
  type Give,
  giveSchema,
  type Hosted,
  type HostSeen,
  hostedListSchema,
  hostSeenSchema,
  lookAtHostSchema,
  receiptTextSchema,
  signatureSchema,
  type ToSign,
  toSignSchema,
} from './api/hosted.ts';
export {
  evaluateSchema,
  evaluationSchema,
  type Model,
  type ModelFileName,
  modelFileNames,
  modelSchema,
  predictionsSchema,
  predictSchema,
  type TakenModel,
} from './api/model.ts';
export { type Place, placeSchema } from './api/place.ts';
export {
  type Plan,
  type PlanAsked,
  type PlanChecked,
  type PlanField,
  type PlanFileName,
  type PlanToPost,
  type Posting,
  planAskedSchema,
  planCheckedSchema,
  planFormSchema,
  planPostSchema,
  plansSchema,
  postingSchema,
} from './api/plan.ts';
export {
  doneSchema,
  type Run,
  type Runs,
  runSchema,
  runsSchema,
  type Train,
  trainSchema,
} from './api/run.ts';
export { linkSchema, newLinkSchema, sessionSchema } from './api/session.ts';
export {
  type Column,
  columnSchema,
  type Finding,
  findingSchema,
  type Market,
  marketSchema,
  type Task,
  taskSchema,
} from './api/task.ts';
export {
  type AskSigning,
  askSigningSchema,
  type Operator,
  type Signing,
  signingSchema,
  transactionSchema,
  type Wallet,
  type WalletCall,
  walletSchema,
} from './api/wallet.ts';
export { type Fault, faultSchema } from './api/words.ts';
export { loadPage, type Page, type PageFile } from './load_page.ts';
