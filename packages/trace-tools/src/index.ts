// SPDX-License-Identifier: Apache-2.0
export { convertTrace, type ConvertTraceOptions, type ConvertTraceResult } from './convert.ts'
export { defaultOutputPath } from './default-output.ts'
export { makeFolder } from './make-folder.ts'
export { timelineFormats, type TimelineFormat, type TimelineFormatName } from './formats.ts'
export { readTrace, type ReadTraceOptions, type TraceReading } from './read/records.ts'
export type {
  Census,
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
  summarizeTrace,
  type CacheSummary,
  type TokenSums,
  type ToolCallCounts,
  type TraceSummary,
} from './analyze/summarize.ts'
export { findCacheLosses, type CacheLoss } from './analyze/cache-loss.ts'
export { divideWallTime, type WallTime, type WallTimeName, type WallTimePart } from './analyze/wall-time.ts'
export type { TimelineOptions } from './write/timeline-options.ts'
export { writePerfetto } from './write/perfetto/write-perfetto.ts'
export { writeChromeJson } from './write/chrome-json/write-chrome-json.ts'
