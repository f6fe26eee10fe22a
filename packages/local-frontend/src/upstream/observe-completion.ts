// SPDX-License-Identifier: Apache-2.0
import type { IncomingHttpHeaders } from 'node:http'
import type { Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import { fieldsOf, isJsonBody, type JsonBody } from '../request/completion-request.ts'
import type { Finish } from '../trace/request-row.ts'

/** What a passing answer says about itself. What it does not say stays absent. */
export interface Observation {
  readonly model?: string
  /** Epoch milliseconds, fractional, when the first piece of content passed; streams only. */
  readonly firstContentMs?: number
  readonly inputTokens?: number
  readonly outputTokens?: number
  readonly cachedTokens?: number
  readonly finish?: Finish
}

/** Reads along with an answer that passes, without touching it. */
export interface CompletionObserver {
  push(piece: Buffer): void
  /** Call once, after the last piece. Never rejects. */
  end(): Promise<Observation>
}

/** An answer that is not a stream is read whole; a longer one is not read at all. */
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
}

export function createCompletionObserver(headers: IncomingHttpHeaders, now: () => number): CompletionObserver {
  const notes = createNotes(now)
  const streams = /^text\/event-stream\b/i.test(headers['content-type'] ?? '')
  const reader = streams ? createEventReader(notes.addChunk) : createDocumentReader(notes.addDocument)
  const createDecoder = decoders[headers['content-encoding']?.trim().toLowerCase() ?? '']
  if (createDecoder === undefined) {
    return {
      push: reader.push,
      end() {
        reader.end()
        return Promise.resolve(notes.observation())
      },
    }
  }
  const decoder = createDecoder()
  const decoded = new Promise<void>((resolve) => {
    decoder.on('data', reader.push).once('close', resolve).once('error', () => undefined)
  })
  return {
    push(piece) {
      decoder.write(piece)
    },
    async end() {
      decoder.end()
      await decoded
      reader.end()
      return notes.observation()
    },
  }
}

interface Reader {
  readonly push: (piece: Buffer) => void
  readonly end: () => void
}

/** Splits server-sent events; an event of a completion is one line of data. */
function createEventReader(onData: (body: JsonBody) => void): Reader {
  const decoder = new TextDecoder()
  let rest = ''
  const readLines = (text: string) => {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const body = line.startsWith('data:') ? parse(line.slice('data:'.length)) : undefined
      if (body !== undefined) onData(body)
    }
  }
  return {
    push(piece) {
      readLines(decoder.decode(piece, { stream: true }))
    },
    end() {
      readLines('\n')
    },
  }
}

function createDocumentReader(onDocument: (body: JsonBody) => void): Reader {
  const pieces: Buffer[] = []
  let bytes = 0
  return {
    push(piece) {
      bytes += piece.length
      if (bytes <= MAX_DOCUMENT_BYTES) pieces.push(piece)
      else pieces.length = 0
    },
    end() {
      const body = parse(Buffer.concat(pieces).toString())
      if (body !== undefined) onDocument(body)
    },
  }
}

function createNotes(now: () => number) {
  let model: string | undefined
  let firstContentMs: number | undefined
  let usage: JsonBody | undefined
  const finishReasons = new Map<number, string>()
  const toolCalls = new Map<string, { choiceIndex: number; toolCallIndex: number; id?: string; name?: string }>()

  function addChoice(choice: JsonBody, content: JsonBody): void {
    const choiceIndex = count(choice.index) ?? 0
    if (typeof choice.finish_reason === 'string') finishReasons.set(choiceIndex, choice.finish_reason)
    for (const [position, call] of bodies(content.tool_calls).entries()) {
      const toolCallIndex = count(call.index) ?? position
      const key = `${choiceIndex} ${toolCallIndex}`
      const { name } = fieldsOf(call, 'function')
      toolCalls.set(key, {
        choiceIndex,
        toolCallIndex,
        ...toolCalls.get(key),
        ...(typeof call.id === 'string' && call.id !== '' && { id: call.id }),
        ...(typeof name === 'string' && name !== '' && { name }),
      })
    }
  }

  function addShared(body: JsonBody): void {
    if (typeof body.model === 'string' && body.model !== '') model = body.model
    if (isJsonBody(body.usage)) usage = body.usage
  }

  return {
    addChunk: (body: JsonBody): void => {
      addShared(body)
      for (const choice of bodies(body.choices)) {
        const delta = fieldsOf(choice, 'delta')
        if (carriesContent(delta)) firstContentMs ??= now()
        addChoice(choice, delta)
      }
    },
    addDocument: (body: JsonBody): void => {
      addShared(body)
      for (const choice of bodies(body.choices)) addChoice(choice, fieldsOf(choice, 'message'))
    },
    observation: (): Observation => {
      const inputTokens = count(usage?.prompt_tokens)
      const outputTokens = count(usage?.completion_tokens)
      const cachedTokens = count(fieldsOf(usage ?? {}, 'prompt_tokens_details').cached_tokens)
      const finish = { toolCalls: [...toolCalls.values()], choices: choicesOf(finishReasons) }
      const finishReason = finishReasons.get(0)
      return {
        ...(model !== undefined && { model }),
        ...(firstContentMs !== undefined && { firstContentMs }),
        ...(inputTokens !== undefined && { inputTokens }),
        ...(outputTokens !== undefined && { outputTokens }),
        ...(cachedTokens !== undefined && { cachedTokens }),
        ...(finishReason !== undefined && { finish: { finishReason, ...finish } }),
      }
    },
  }
}

function choicesOf(finishReasons: ReadonlyMap<number, string>): Finish['choices'] {
  return [...finishReasons].map(([choiceIndex, finishReason]) => ({ choiceIndex, finishReason }))
}

/** The first event of many servers names the role and nothing else. */
function carriesContent(delta: JsonBody): boolean {
  const { content, reasoning_content: reasoningContent, reasoning, tool_calls: toolCalls } = delta
  return [content, reasoningContent, reasoning].some(Boolean) || (Array.isArray(toolCalls) && toolCalls.length > 0)
}

function parse(text: string): JsonBody | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonBody(value) ? value : undefined
  } catch {
    return undefined
  }
}

function bodies(value: unknown): JsonBody[] {
  return Array.isArray(value) ? value.filter(isJsonBody) : []
}

function count(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined
}
