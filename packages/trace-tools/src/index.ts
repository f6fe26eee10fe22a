// SPDX-License-Identifier: Apache-2.0
export {
  convertTrace,
  type ConvertTraceOptions,
  type ConvertTraceProgress,
  type ConvertTraceResult,
} from './convert.ts'
export type { RowChoice, TimeBound } from './select/choose-rows.ts'
export type { WrittenPart } from './output/part.ts'
export type { SplitBy } from './output/split.ts'
export { estimateUiLoad, type UiLoad } from './analyze/ui-load.ts'
export { defaultOutputPath, type OutputForm } from './default-output.ts'
export { makeFolder } from './make-folder.ts'
export { timelineFormats, type TimelineFormatName } from './formats.ts'
export type { TimelineFormat } from './write/timeline-format.ts'
export { readTrace, type ReadTraceOptions, type TraceReading } from './read/records.ts'
export type {
  Census,
  HarnessRowsByType,
  InputCensus,
  InputEnd,
  RowCounts,
  SkippedRowReason,
  SkippedRows,
} from './read/census.ts'
export { buildTraceModel } from './model/build-model.ts'
export type {
  Activity,
  Edge,
  Interval,
  Provenance,
  Request,
  Session,
  Stage,
  StageName,
  ToolSpan,
  ToolTiming,
  TraceModel,
  Trajectory,
} from './model/trace-model.ts'
export {
  createTraceSummarizer,
  summarizeTrace,
  type CacheSummary,
  type TokenSums,
  type ToolCallCounts,
  type TraceSummarizer,
  type TraceSummary,
} from './analyze/summarize.ts'
export type { HarnessSummary, RequestErrorCount, TurnCounts } from './analyze/harness-summary.ts'
export type { CacheLoss, CacheLosses, CacheLossReason } from './analyze/cache-loss.ts'
export type { WallTime, WallTimeName, WallTimePart } from './analyze/wall-time.ts'
export type { TimelineOptions } from './write/timeline-options.ts'
export { validateTrace, type ValidateTraceOptions } from './validate/validate-trace.ts'
export type { InputValidation, TraceFault, TraceValidation, ValidatedRows } from './validate/validation.ts'
export type { RowFault } from './validate/describe-issue.ts'
export { openTimeline, type OpenedTimeline, type OpenTimelineOptions } from './open/open-timeline.ts'
export type { BrowserOutcome } from './open/system-browser.ts'
export type { TimelineEnd } from './open/timeline-server.ts'
