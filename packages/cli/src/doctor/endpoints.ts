// SPDX-License-Identifier: Apache-2.0
import { connectableEndpoint } from '@dynamo-agent/core'
import { networkInterfaces } from 'node:os'
import type { TracePrefix } from './dynamo-variables.ts'

/** Of tool events, in Dynamo's own examples. */
export const USUAL_PORT = 20390

/** Where a frontend takes tool events that listens at the usual port of its host. */
export function usualEndpoint(baseUrl: string, port = USUAL_PORT): string {
  const { hostname } = new URL(baseUrl)
  return `tcp://${isThisHost(hostname) ? '127.0.0.1' : hostname}:${port}`
}

/** Whether an endpoint is the port for HTTP. */
export function isPortOf(baseUrl: string, endpoint: string): boolean {
  const { hostname, port, protocol } = new URL(baseUrl)
  const used = port === '' ? (protocol === 'https:' ? '443' : '80') : port
  const host = /^tcp:\/\/(.*):/.exec(endpoint)?.[1] ?? ''
  return used === portOf(endpoint) && (host === hostname || (isThisHost(host) && isThisHost(hostname)))
}

/** Whether messages to one endpoint reach a socket that is bound to the other. */
export function reaches(target: string, bound: string): boolean {
  const [to, at] = [target, bound].map((endpoint) =>
    connectableEndpoint(endpoint)?.replace('://localhost:', '://127.0.0.1:'),
  )
  if (to === undefined || at === undefined) return false
  const bindsAll = /^tcp:\/\/(\*|0\.0\.0\.0|\[::\]):/.test(bound.trim())
  return to === at || (bindsAll && portOf(to) === portOf(at))
}

/** What a frontend binds so that messages to an endpoint reach it, also those of other machines. */
export function bindFor(target: string): string {
  if (target.startsWith('ipc:') || /^tcp:\/\/(127\.|\[::1\])/.test(target)) return target
  const any = target.startsWith('tcp://[') ? '[::]' : '0.0.0.0'
  return `tcp://${target.startsWith('tcp://localhost:') ? '127.0.0.1' : any}:${portOf(target)}`
}

/**
 * Whether a frontend can bind it: ZeroMQ binds addresses and interfaces, and no
 * names of hosts, not even `localhost`; Dynamo 1.2 binds no IPv6 either. It
 * then logs "No such device" and goes on without tool events (measured on
 * 1.2.1 and 1.6.1).
 */
export function canBind(endpoint: string, prefix: TracePrefix): boolean {
  const host = /^tcp:\/\/(.*):\d+$/.exec(endpoint.trim())?.[1]
  if (host === undefined || host === '*' || /^[\d.]+$/.test(host)) return true
  return host.startsWith('[') ? prefix !== 'DYN_AGENT_TRACE' : host in networkInterfaces()
}

function isThisHost(host: string): boolean {
  return /^(127\.[\d.]+|localhost|0\.0\.0\.0|\[::1?\])$/.test(host)
}

function portOf(endpoint: string): string {
  return /:(\d+)$/.exec(endpoint)?.[1] ?? ''
}
