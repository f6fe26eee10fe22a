// SPDX-License-Identifier: Apache-2.0
import { connect } from 'node:net'

/** Who answers at an endpoint. */
export type Listener =
  | { readonly kind: 'zeromq' }
  /** Connections are taken, by something that is no ZeroMQ socket. */
  | { readonly kind: 'other' }
  | { readonly kind: 'nobody'; readonly reason: string }

/**
 * Looks who listens at `tcp://host:port` or `ipc://path`. A ZeroMQ socket
 * greets whoever connects with a signature of ten bytes (seen on 1.2.1 to
 * 1.6.1); leaving after that is nothing to it.
 */
export function findListener(endpoint: string, limitMs: number): Promise<Listener> {
  return new Promise((resolve) => {
    const socket = connect(addressOf(endpoint))
    let connected = false
    const settle = (listener: Listener) => {
      clearTimeout(limit)
      socket.destroy()
      resolve(listener)
    }
    const limit = setTimeout(() => {
      settle(connected ? { kind: 'other' } : { kind: 'nobody', reason: `no answer within ${limitMs} ms` })
    }, limitMs)
    socket.once('connect', () => (connected = true))
    socket.once('data', (greeting) => {
      settle({ kind: greeting[0] === 0xff ? 'zeromq' : 'other' })
    })
    socket.once('end', () => {
      settle({ kind: 'other' })
    })
    socket.once('error', (error) => {
      settle(connected ? { kind: 'other' } : { kind: 'nobody', reason: error.message })
    })
  })
}

function addressOf(endpoint: string) {
  if (endpoint.startsWith('ipc://')) return { path: endpoint.slice('ipc://'.length) }
  const { hostname, port } = new URL(endpoint.replace(/^tcp:/, 'http:'))
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port === '' ? 80 : port) }
}
