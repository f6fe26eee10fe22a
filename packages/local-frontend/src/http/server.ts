// SPDX-License-Identifier: Apache-2.0
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DynamoAgentError } from '@dynamo-agent/core'

export interface HttpServerOptions {
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  /** Never throws. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void
}

export interface HttpServer {
  /** Such as `http://127.0.0.1:41233`. */
  readonly origin: string
  /** Takes no more requests, lets running ones end within the limit, then cuts them off. */
  close(limitMs: number): Promise<void>
}

/**
 * Limits that keep half-open and dawdling connections from adding up. An
 * agent's pool keeps connections open between turns, and one that the server
 * closes just as a request arrives costs that request, so idle ones live long.
 */
const limits = {
  headersTimeout: 15_000,
  requestTimeout: 120_000,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 75_000,
  keepAlive: true,
  keepAliveInitialDelay: 30_000,
  /** Dynamo takes ids of 20,000 bytes in headers (measured on 1.3.1 to 1.6.1). */
  maxHeaderSize: 65_536,
}

/** @throws DynamoAgentError `DYN_PORT_IN_USE`, or `DYN_INVALID_OPTION` for an address that cannot be bound. */
export async function listen({ host, port, handle }: HttpServerOptions): Promise<HttpServer> {
  const server = createServer(limits, handle)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(explain(error, `${host}:${port}`))
    })
    server.listen({ host, port, backlog: 4096 }, resolve)
  })
  const { address, family, port: boundPort } = server.address() as AddressInfo
  return {
    origin: `http://${family === 'IPv6' ? `[${address}]` : address}:${boundPort}`,
    async close(limitMs) {
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve()
        })
      })
      // A connection that is kept alive becomes idle only when its last answer is out.
      const sweep = setInterval(() => {
        server.closeIdleConnections()
      }, 20).unref()
      const timer = setTimeout(() => {
        server.closeAllConnections()
      }, limitMs).unref()
      await closed
      clearInterval(sweep)
      clearTimeout(timer)
    },
  }
}

function explain(error: NodeJS.ErrnoException, address: string): DynamoAgentError {
  return error.code === 'EADDRINUSE'
    ? new DynamoAgentError({
        code: 'DYN_PORT_IN_USE',
        message: `${address} is in use`,
        advice: 'Give another port, or 0 for any free one.',
        cause: error,
      })
    : new DynamoAgentError({
        code: 'DYN_INVALID_OPTION',
        message: `cannot listen on ${address}: ${error.code ?? error.message}`,
        advice: 'Give an address of this machine, such as 127.0.0.1, and a port above 1023.',
        cause: error,
      })
}
