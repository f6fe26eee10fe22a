// SPDX-License-Identifier: Apache-2.0

/** A tool call of the agent that has ended. */
export interface FinishedToolCall {
  readonly id: string
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
  readonly failed: boolean
  /** Text of the result. */
  readonly output: string
}

/** One answer of the model and the tools that it led to. */
export interface FinishedTurn {
  readonly startedMs: number
  readonly endedMs: number
  readonly toolCalls: readonly FinishedToolCall[]
}

/** One line of Pi's JSON mode, as far as it is read here. */
interface PiEvent {
  readonly type?: unknown
  readonly toolCallId?: string
  readonly toolName?: string
  readonly args?: Readonly<Record<string, unknown>>
  readonly result?: { readonly content?: readonly { readonly text?: string }[] }
  readonly isError?: boolean
}

/**
 * Puts Pi's events together to turns.
 *
 * @returns Takes one line at a time. Lines that are no events are passed over.
 */
export function createTurnReader(options: {
  readonly onTurn: (turn: FinishedTurn) => void
  /** Epoch milliseconds. @defaultValue Date.now */
  readonly now?: () => number
}): (line: string) => void {
  const { onTurn, now = Date.now } = options
  let startedMs = now()
  // Keeps the order of the starts: calls that run in parallel end in any order.
  const starts = new Map<string, PiEvent>()
  const ended = new Map<string, FinishedToolCall>()

  return (line) => {
    const event = parseEvent(line)
    const { toolCallId: id = '' } = event
    switch (event.type) {
      case 'turn_start':
        startedMs = now()
        starts.clear()
        break
      case 'tool_execution_start':
        starts.set(id, event)
        break
      case 'tool_execution_end':
        ended.set(id, finishCall(starts.get(id), event))
        break
      case 'turn_end': {
        const toolCalls = [...starts.keys()].flatMap((started) => ended.get(started) ?? [])
        onTurn({ startedMs, endedMs: now(), toolCalls })
        break
      }
    }
  }
}

function finishCall(start: PiEvent | undefined, end: PiEvent): FinishedToolCall {
  return {
    id: end.toolCallId ?? '',
    name: end.toolName ?? '',
    arguments: start?.args ?? {},
    failed: end.isError === true,
    output: (end.result?.content ?? []).map(({ text = '' }) => text).join('\n'),
  }
}

function parseEvent(line: string): PiEvent {
  try {
    const event: unknown = JSON.parse(line)
    return typeof event === 'object' && event !== null ? event : {}
  } catch {
    return {}
  }
}
