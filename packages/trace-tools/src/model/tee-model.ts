// SPDX-License-Identifier: Apache-2.0
import type { ModelSink } from './model-sink.ts'

/** Tells two what the model tells: without a loop each of them can be inlined. */
export function teeModel(first: ModelSink, second: ModelSink): ModelSink {
  return {
    request(request) {
      first.request(request)
      second.request(request)
    },
    tool(call) {
      first.tool(call)
      second.tool(call)
    },
    harness(event) {
      first.harness?.(event)
      second.harness?.(event)
    },
    end(outline) {
      first.end(outline)
      second.end(outline)
    },
  }
}
