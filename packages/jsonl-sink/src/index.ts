// SPDX-License-Identifier: Apache-2.0
export {
  createHarnessLog,
  type HarnessLog,
  type HarnessLogCounters,
  type HarnessRecordDropReason,
} from './harness-log.ts'
export type { HarnessLogOptions } from './harness-log-options.ts'
export { createJsonlSink, type JsonlSink, type JsonlSinkCounters, type RowDropReason } from './jsonl-sink.ts'
export type { JsonlSinkOptions } from './options.ts'
