// SPDX-License-Identifier: Apache-2.0
import { readNvext, type Nvext } from './read-nvext.ts'

/**
 * Reads Dynamo's `nvext` out of an answer while somebody else reads the
 * answer, for clients that give only parsed JSON, whose worker ids are rounded
 * by then. Every byte passes as it is.
 *
 * @param found Told what an answer says, before its reader has come to its
 * end: once for a body, for a stream whenever there is something new.
 * @returns The answer for its reader. The one that was given is used up, unless its body is no web stream.
 */
export function observeNvext(response: Response, found: (nvext: Nvext) => void): Response {
  // Some fetches of other makes have a body of their own kind.
  if (!(response.body instanceof ReadableStream)) return response
  const isStream = /^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '')
  const read = isStream ? readerOfEvents(found) : readerOfBody(found)
  const decoder = new TextDecoder()
  const chunks: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader()
  // A TransformStream does the same at several times the price, which each token of an answer would pay.
  const observed = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.read()
        read.more(decoder.decode(value, { stream: !done }))
        if (done) {
          read.end()
          controller.close()
        } else controller.enqueue(value)
      },
      cancel: (reason) => chunks.cancel(reason),
    },
    // Asks for no more than its reader does.
    { highWaterMark: 0 },
  )
  return new Response(observed, response)
}

interface TextReader {
  more(text: string): void
  end(): void
}

function readerOfBody(found: (nvext: Nvext) => void): TextReader {
  let body = ''
  return {
    more(text) {
      body += text
    },
    end() {
      const nvext = readNvext(body)
      if (nvext !== undefined) found(nvext)
    },
  }
}

/**
 * The worker stands in every chunk with content, of which only the first one
 * is worth reading, and each costs more to read than to look at. One piece of
 * an answer may hold a hundred of them.
 */
function readerOfEvents(found: (nvext: Nvext) => void): TextReader {
  let partialLine = ''
  let knowsWorker = false
  const isNews = (text: string) => !knowsWorker || text.includes('"timing"')
  const read = (lines: string) => {
    if (!isNews(lines)) return
    for (const line of lines.split('\n')) {
      const nvext = isNews(line) ? readNvext(line) : undefined
      if (nvext === undefined) continue
      knowsWorker ||= nvext.workerId?.decodeWorkerId !== undefined
      found(nvext)
    }
  }
  return {
    more(text) {
      const end = text.lastIndexOf('\n') + 1
      // Nearly every chunk is whole lines, and then nothing has to be copied.
      if (end === text.length && partialLine === '') {
        read(text)
        return
      }
      if (end > 0) read(partialLine + text.slice(0, end))
      partialLine = end > 0 ? text.slice(end) : partialLine + text
    },
    end() {
      read(partialLine)
    },
  }
}
