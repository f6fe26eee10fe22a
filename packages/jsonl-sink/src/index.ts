// SPDX-License-Identifier: Apache-2.0
export { createJsonlSink, type JsonlSink, type JsonlSinkCounters, type RowDropReason } from './jsonl-sink.ts'
export type { JsonlSinkOptions } from './options.ts'
