// The report of a run: `report.json` and one self-contained HTML page.
export { html, type Markup } from './escape.ts';
export { bytes, duration, renderReport } from './render.ts';
export { completeReport, type Report, type ReportInput, type ReportRound, reportSchema } from './schema.ts';
export { writeReport } from './write.ts';
