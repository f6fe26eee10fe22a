// SPDX-License-Identifier: Apache-2.0
import { parseExactJson } from '@dynamo-agent/core'
import type { Part } from '../differences/cases.ts'
import type { Fields } from '../trace.ts'
import { shapeOf, shapeOrNone } from './shape.ts'

/** A server-sent event. */
export interface StreamEvent {
  readonly name: string | undefined
  /** JSON, or the text that ends a stream. */
  readonly data: unknown
}

export function readEvents(text: string): StreamEvent[] {
  const blocks = text.split('\n\n').filter((block) => block !== '')
  return blocks.map((block) => {
    const { name, data = block } = /^(?:event: (?<name>.*)\n)?data: (?<data>.*)$/.exec(block)?.groups ?? {}
    return { name, data: data === '[DONE]' ? data : parseExactJson(data) }
  })
}

interface Chunk {
  readonly choices: readonly { readonly delta?: Fields; readonly finish_reason?: string | null }[]
}

type ChunkPart = Extract<Part, 'first' | 'middle' | 'finish' | 'usage' | 'tool-deltas' | 'finish-reason' | 'events'>

/** Of the events of a completion, which have no names. */
export function describeChunks(events: readonly StreamEvent[], part: ChunkPart): string {
  const chunks = events.map(({ data }) => data).filter((data): data is Chunk => typeof data === 'object')
  const isFinish = ({ choices: [choice] }: Chunk) => typeof choice?.finish_reason === 'string'
  const usage = chunks.filter(({ choices }) => choices.length === 0)
  const finish = chunks.filter(isFinish)
  const content = chunks.filter((chunk) => chunk.choices.length > 0 && !isFinish(chunk))
  switch (part) {
    case 'first':
      return shapeOrNone(content[0])
    case 'middle':
      return shapeOrNone(content[1])
    case 'finish':
      return shapeOrNone(finish[0])
    case 'usage':
      return shapeOrNone(usage[0])
    case 'tool-deltas': {
      const deltas = content.map(({ choices: [choice] }) => choice?.delta)
      return shapeOf(deltas.filter((delta) => delta?.tool_calls !== undefined))
    }
    case 'finish-reason':
      return finish.map(({ choices: [choice] }) => choice?.finish_reason).join(', ')
    case 'events': {
      const last = events.at(-1)?.data
      return `deltas, ${finish.length} finish, ${usage.length} usage, ${typeof last === 'string' ? last : 'no end'}`
    }
  }
}

/** Of the events of a response. Names are told without the `response.` that all of them start with. */
export function describeNamedEvents(events: readonly StreamEvent[], part: 'event-names' | `event ${string}`): string {
  const names = events.map(({ name, data }) => name?.replace(/^response\./, '') ?? String(data))
  if (part === 'event-names') return names.filter((name, index) => name !== names[index - 1]).join(', ')
  return shapeOrNone(events[names.indexOf(part.slice('event '.length))]?.data)
}
