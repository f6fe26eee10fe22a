// SPDX-License-Identifier: Apache-2.0
import type { ContextSize } from './harness-record.ts'

/** How much a context has grown against the one before; below 0 after a compaction. */
export function growthOf(previous: ContextSize, { messages, bytes, tokens }: ContextSize): ContextSize {
  const isCounted = tokens !== undefined && previous.tokens !== undefined
  return {
    messages: messages - previous.messages,
    bytes: bytes - previous.bytes,
    ...(isCounted && { tokens: tokens - previous.tokens }),
  }
}
