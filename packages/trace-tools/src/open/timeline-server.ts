// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import type { Page } from './page.ts'

/** What is served, and for how long. */
export interface TimelineServerOptions {
  /** The one file. */
  readonly path: string
  /** The name that it is saved under. */
  readonly fileName: string
  /** Makes the page anew for each answer. */
  readonly renderPage: (paths: PagePaths, nonce: string) => Page
  /** How long after the file was handed over, in milliseconds. */
  readonly lingerMs: number
  /** How long without a request before that. */
  readonly idleLimitMs: number
}

/** What the page asks of the server, as absolute paths. */
export interface PagePaths {
  /** GET: the file. */
  readonly filePath: string
  /** POST: the file was handed over. */
  readonly shownPath: string
}

/**
 * Why a timeline is no longer served: `shown` in a viewer, `idle` because
 * nobody asked for it, `closed` by the caller.
 */
export type TimelineEnd = 'shown' | 'idle' | 'closed'

/** One page and one file, on this machine alone. */
export interface TimelineServer {
  readonly port: number
  /** Of the page. */
  readonly address: string
  readonly ended: Promise<TimelineEnd>
  /** Ends it at once; what is being sent is cut off. */
  readonly close: () => void
}

/**
 * Serves one page and one file on the loopback address, to whoever knows the
 * token in their paths. Other users of the machine do not; nor do pages in the
 * browser, unless a host name of theirs leads to 127.0.0.1 (DNS rebinding),
 * which the Host header gives away.
 */
export async function serveTimeline(options: TimelineServerOptions): Promise<TimelineServer> {
  // It takes several megabytes, and most of what this package is loaded for serves nothing.
  const { createServer } = await import('node:http')
  const root = `/${randomBytes(18).toString('base64url')}/`
  const paths: PagePaths = { filePath: `${root}timeline`, shownPath: `${root}shown` }
  const running = new Set<ServerResponse>()
  let handedOver = false
  let timer: NodeJS.Timeout | undefined
  let resolveEnded: (end: TimelineEnd) => void
  const ended = new Promise<TimelineEnd>((resolve) => {
    resolveEnded = resolve
  })

  function wait(): void {
    clearTimeout(timer)
    timer = handedOver ? setTimeout(stop, options.lingerMs, 'shown') : setTimeout(stop, options.idleLimitMs, 'idle')
  }
  function stop(end: TimelineEnd): void {
    clearTimeout(timer)
    resolveEnded(end)
    server.close()
    // Browsers also open connections that they send nothing on, and close() would wait for those.
    server.closeAllConnections()
  }

  const server = createServer((request, response) => {
    running.add(response)
    clearTimeout(timer)
    response.once('close', () => {
      running.delete(response)
      if (running.size === 0 && server.listening) wait()
    })
    void answer(request, response)
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request
    for (const [name, value] of Object.entries(commonHeaders)) response.setHeader(name, value)
    if (!isLoopback(headers.host)) {
      refuse(response, 403, 'Only addresses of this machine itself are served.')
      return
    }
    switch (`${method} ${url}`) {
      case `GET ${root}`: {
        const { html, policy } = options.renderPage(paths, randomBytes(18).toString('base64url'))
        response.setHeader('content-security-policy', policy)
        response.setHeader('content-type', 'text/html; charset=utf-8')
        response.end(html)
        return
      }
      case `GET ${paths.filePath}`:
        await sendFile(response, options)
        return
      case `POST ${paths.shownPath}`:
        handedOver = true
        response.writeHead(204).end()
        return
      default:
        refuse(response, 404, 'There is nothing here.')
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  wait()
  const { port } = server.address() as AddressInfo
  return {
    port,
    address: `http://127.0.0.1:${port}${root}`,
    ended,
    close: () => {
      stop('closed')
    },
  }
}

/** The token must not get about, and nobody may frame the page or guess at what the file is. */
const commonHeaders = {
  'cache-control': 'no-store',
  connection: 'close',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** The port may be another one: at the other end of a tunnel it often is. */
function isLoopback(host = ''): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host)
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${reason}\n`)
}

async function sendFile(response: ServerResponse, { path, fileName }: TimelineServerOptions): Promise<void> {
  try {
    await using file = await open(path)
    const { size } = await file.stat()
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-length': size,
      'content-disposition': `attachment; filename*=UTF-8''${encodeFileName(fileName)}`,
    })
    await pipeline(file.createReadStream({ start: 0, end: size - 1, autoClose: false }), response)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    // An answer that has begun can only be broken off, and its reader sees that it is too short.
    if (response.headersSent) response.destroy()
    else refuse(response, 404, `The file cannot be read: ${reason}`)
  }
}

/** As RFC 8187 has it, which leaves fewer characters as they are than encodeURIComponent does. */
function encodeFileName(name: string): string {
  return encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
