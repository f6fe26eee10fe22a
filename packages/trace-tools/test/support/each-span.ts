// SPDX-License-Identifier: Apache-2.0
import type { ModelSink, SpanVisitor } from '../../src/model/model-sink.ts'

/** Makes a sink of what takes spans one after the other. */
export function eachSpan(visitor: SpanVisitor & Omit<ModelSink, 'spans'>): ModelSink {
  return {
    spans(spans) {
      spans.each(visitor)
    },
    harness(event) {
      visitor.harness?.(event)
    },
    end(outline) {
      visitor.end(outline)
    },
  }
}
