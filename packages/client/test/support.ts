// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'

export { readHttpBody, releases } from '@dynamo-agent/fixtures'

export interface TestServer extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string
}

/** A real server on a free port of this machine, gone with the test. */
export async function serve(listener: RequestListener): Promise<TestServer> {
  // Connections that stay open for a minute show whether anything waits for them.
  const server = createServer({ keepAliveTimeout: 60_000 }, listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A server with one answer for each path, and 404 as Dynamo 1.5 and later give it for any other. */
export function serveBodies(
  bodies: Readonly<Record<string, string | { status: number; body: string }>>,
): Promise<TestServer> {
  return serve((request, response) => {
    const answer = bodies[request.url ?? '']
    if (answer === undefined) {
      response.writeHead(404).end(`{"message":"Route not found: GET ${request.url}","type":"Not Found","code":404}`)
    } else if (typeof answer === 'string') response.end(answer)
    else response.writeHead(answer.status).end(answer.body)
  })
}

/** Runs a module that has the package's address as `client` in a Node process of its own; gives what it printed. */
export async function runProgram(source: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const client = JSON.stringify(new URL('../src/index.ts', import.meta.url).href)
  const args = ['--input-type=module', '--eval', `const client = ${client}\n${source}`]
  return promisify(execFile)(process.execPath, args, { timeout: 15_000 })
}

/** A port of this machine where nothing listens. */
export async function freePort(): Promise<number> {
  await using server = await serve(() => undefined)
  return Number(new URL(server.url).port)
}

/** A promise that the test settles itself. */
export function gate(): { readonly promise: Promise<unknown>; readonly open: () => void } {
  const events = new EventEmitter()
  return { promise: once(events, 'open'), open: () => events.emit('open') }
}
