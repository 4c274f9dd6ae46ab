// Learning: a task's model, data, local training and evaluation, and both roles' pure part of a round.

export {
  type Adapted,
  adapt,
  type Figure,
  fewestRows,
  fitAdaptation,
  type Quality,
  type Scored,
} from './adapt/adapt.ts';
export {
  type Adaptation,
  adaptedLogit,
  checkAdaptation,
  classLogits,
  classProbabilities,
} from './adapt/adaptation.ts';
export { chanceOf, linearLogit } from './adapt/logistic.ts';
export { fitTuned } from './adapt/tuned.ts';
export { type BackendName, backends, startBackend } from './backend.ts';
export { parseCsv } from './data/csv.ts';
export { checkDataset, concat, type Dataset, slice, take } from './data/dataset.ts';
export {
  checkExamined,
  type Examined,
  type ExaminedColumn,
  examine,
  lackingColumns,
  refusalOf,
} from './data/examine.ts';
export { type Fault, faultLine } from './data/faults.ts';
export { loadTable, parseTable, type TableBytes, type TableSource } from './data/load.ts';
export { loadMnist, mirror, mirrorShare, shrink } from './data/mnist.ts';
export { numberOf } from './data/numbers.ts';
export { type OwnData, scaledData, tableData } from './data/own.ts';
export { plainReading, type Reading, readingOptions } from './data/reading.ts';
export { type ColumnSpec, type CsvSpec, csvSpec, type DataSpec, dataSpec } from './data/spec.ts';
export { partitionByLabel, partitionEvenly, split } from './data/split.ts';
export { combineStatistics, localStatistics, openColumns, statisticsCoordinates } from './data/statistics.ts';
export { normalName, placeOf, type Table } from './data/table.ts';
export {
  classNames,
  columnWidth,
  encodeExamined,
  inputWidth,
  type Statistics,
  scaleOf,
} from './data/tabular.ts';
export { auc, type Evaluation, evaluate, evaluatePredictions } from './evaluate.ts';
export { geometryOf } from './geometry.ts';
export { type HostedRows, type ModelHost, type RoundSteps, takeRows } from './host/host.ts';
export { startModelThread } from './host/model_thread.ts';
export { startModelThreads } from './host/model_threads.ts';
export { initialModel, type ModelLayout, maxParameters, modelLayout, outputOf } from './layout.ts';
export { type LayeredModel, type LayerSpec, layersOf, type ModelSpec } from './model_spec.ts';
export { Network } from './network.ts';
export { askParameters, type ProgramHost, startProgram } from './program/host.ts';
export { checkFiles, folderOf, sha256Of, wordsOf } from './program/installed.ts';
export { serveProgram } from './program/serve.ts';
export { type ProgramModel, programModel } from './program/spec.ts';
export type { ProgramRun } from './program/start.ts';
export { checkWalls, type Walls } from './program/walls.ts';
export { permutation, type Random, seeded } from './random.ts';
export { type TaskDescription, type TaskDescriptionInput, taskDescription } from './task.ts';
export { LocalTrainer, supportShape, TrainerRounds } from './trainer.ts';
export {
  localTraining,
  onceARound,
  sameModel,
  type Training,
  type TrainingDisguise,
  type TrainingSubject,
} from './training.ts';
export { basisPoints, LocalValidator, ValidatorRounds } from './validator.ts';
