// SPDX-License-Identifier: Apache-2.0
import type { ContextSize } from '@dynamo-agent/core'
import type { PiMeasuredMessage } from '../pi/harness-events.ts'

/** Keeps the size of a conversation, without keeping the conversation. */
export interface ContextMeter {
  readonly size: ContextSize
  add(message: PiMeasuredMessage): void
  /** The conversation is another one now. */
  replace(messages: readonly PiMeasuredMessage[]): void
}

/**
 * Each message is measured once, when it is new. The system prompt does not
 * count, since older generations do not have it among the messages, nor do
 * answers that failed or were aborted: Pi keeps them and sends them nowhere.
 */
export function createContextMeter(): ContextMeter {
  let messages = 0
  let bytes = 0
  const add = (message: PiMeasuredMessage) => {
    const { role, stopReason } = message
    if (role === 'system' || stopReason === 'error' || stopReason === 'aborted') return
    messages++
    bytes += jsonBytes(message.content ?? message)
  }
  return {
    get size() {
      return { messages, bytes }
    },
    add,
    replace(conversation) {
      messages = 0
      bytes = 0
      for (const message of conversation) add(message)
    },
  }
}

/** UTF-8 bytes; 0 for what no request could hold either. */
function jsonBytes(value: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(value))
  } catch {
    return 0
  }
}
