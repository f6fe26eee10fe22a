// SPDX-License-Identifier: Apache-2.0
import type { ModelSink } from './model-sink.ts'

/** Tells several what the model tells. */
export function teeModel(...sinks: readonly ModelSink[]): ModelSink {
  return {
    request(request) {
      for (const sink of sinks) sink.request(request)
    },
    tool(call) {
      for (const sink of sinks) sink.tool(call)
    },
    end(outline) {
      for (const sink of sinks) sink.end(outline)
    },
  }
}
