// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

/** What a UI was handed. */
export interface Received {
  readonly bytes: Buffer
  /** Of the page that handed it over. */
  readonly origin: string
  /** The message but for its bytes. */
  readonly message: Readonly<Record<string, unknown>>
  /** Fragment of the UI's own address. */
  readonly fragment: string
  readonly place: 'frame' | 'tab'
}

export interface StandInOptions {
  /** How long it takes to listen; what is said before is lost, as it is to the real one. */
  readonly deafMs?: number
  /** Never answers. */
  readonly silent?: boolean
  /** Answers without having been asked. */
  readonly eager?: boolean
  /** Further headers, such as those that forbid frames. */
  readonly headers?: Readonly<Record<string, string>>
}

/** As the Perfetto UI does it: who may speak, PING and PONG, and one timeline. */
const script = `
function listen() {
  addEventListener('message', async function take({ data, origin, source }) {
    if (source !== opener && (source !== parent || parent === window)) return
    if (data === 'PING') return void source.postMessage('PONG', '*')
    removeEventListener('message', take)
    const { buffer, ...message } = data.perfetto
    const place = parent === window ? 'tab' : 'frame'
    const about = JSON.stringify({ origin, message, fragment: location.hash, place })
    await fetch('/received?' + encodeURIComponent(about), { method: 'POST', body: buffer })
    document.body.textContent = message.title + ', ' + buffer.byteLength + ' bytes'
  })
}
`

/** A page on a site of its own that takes timelines as the Perfetto UI does. Ends with the test. */
export async function startStandInUi(options: StandInOptions = {}) {
  const { deafMs = 0, silent = false, eager = false, headers = {} } = options
  const received: Received[] = []
  const listen = silent ? '' : `setTimeout(listen, ${deafMs})`
  const pester = eager ? `setInterval(() => (opener ?? parent).postMessage('PONG', '*'), 50)` : ''
  const server = createServer((request, response) => {
    void (async () => {
      const [path, query = ''] = (request.url ?? '').split('?')
      if (path === '/received') {
        const about = JSON.parse(decodeURIComponent(query)) as Omit<Received, 'bytes'>
        received.push({ ...about, bytes: await buffer(request) })
        response.end()
      } else {
        response.writeHead(200, { 'content-type': 'text/html', ...headers })
        response.end(`<!doctype html><title>UI</title><body>stand-in UI<script>${script}${listen};${pester}</script>`)
      }
    })()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  // Another name of the same machine is another site to a browser, as the real UI is.
  return { url: `http://localhost:${port}`, received }
}
