// SPDX-License-Identifier: Apache-2.0
export {
  createJsonlSink,
  type JsonlSink,
  type JsonlSinkCounters,
  type JsonlSinkOptions,
  type RowDropReason,
} from './jsonl-sink.ts'
