// SPDX-License-Identifier: Apache-2.0
import type { ModelSink } from './model-sink.ts'

/** Tells several what the model tells. */
export function teeModel(...sinks: readonly ModelSink[]): ModelSink {
  return {
    spans(spans) {
      for (const sink of sinks) sink.spans(spans)
    },
    harness(event) {
      for (const sink of sinks) sink.harness?.(event)
    },
    end(outline) {
      for (const sink of sinks) sink.end(outline)
    },
  }
}
