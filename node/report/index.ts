// The report of a run: `report.json` and one self-contained HTML page; and charts as files of their own.
export { type BarChart, barFile, chartFile } from './chart_file.ts';
export { html, type Markup } from './escape.ts';
export { bytes, duration } from './format.ts';
export type { Lending, LendingBorrower } from './lending.ts';
export type { Chart, Series } from './plot.ts';
export { renderReport } from './render.ts';
export {
  type Comparison,
  completeReport,
  type ModelName,
  type ModelScore,
  modelNames,
  modelTitles,
  type Report,
  type ReportInput,
  type ReportRound,
  reportSchema,
} from './schema.ts';
export { storyOf } from './story.ts';
export { style as pageStyle } from './style.ts';
export { writeReport } from './write.ts';
