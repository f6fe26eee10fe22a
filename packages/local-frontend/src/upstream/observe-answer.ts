// SPDX-License-Identifier: Apache-2.0
import type { IncomingHttpHeaders } from 'node:http'
import type { Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import type { AnswerNotes, Observation } from '../endpoints/answer-notes.ts'
import { isJsonBody, type JsonBody } from '../request/json-body.ts'

/** Reads along with an answer that passes, without touching it. */
export interface AnswerObserver {
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

export function createAnswerObserver(headers: IncomingHttpHeaders, notes: AnswerNotes): AnswerObserver {
  const streams = /^text\/event-stream\b/i.test(headers['content-type'] ?? '')
  const reader = streams ? createEventReader(notes.addEvent) : createDocumentReader(notes.addDocument)
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

/** Splits server-sent events; the data of each is one line, and says itself what it is. */
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

function parse(text: string): JsonBody | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonBody(value) ? value : undefined
  } catch {
    return undefined
  }
}
