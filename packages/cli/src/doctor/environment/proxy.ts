// SPDX-License-Identifier: Apache-2.0
import type { Environment } from '@dynamo-agent/core'
import type { ShellVariables } from '../shell.ts'

/** A proxy that stands between Pi and an address. */
export interface ProxyInTheWay {
  /** The variable that names it. Its value may hold a password. */
  readonly variable: string
  /** What exempts the address. */
  readonly exemption: ShellVariables
}

/**
 * The proxy through which Pi asks for an address, by the rules of undici's
 * EnvHttpProxyAgent: lower case goes first, HTTPS falls back to the proxy for
 * HTTP, and the loopback interface is no exception.
 */
export function findProxy(environment: Environment, baseUrl: string): ProxyInTheWay | undefined {
  const { protocol, hostname, port } = new URL(baseUrl)
  const host = hostname.replace(/^\[|\]$/g, '')
  const variable = (protocol === 'https:' ? ['https_proxy', 'http_proxy'] : ['http_proxy'])
    .map((name) => findName(environment, name))
    .find((name) => name !== undefined && environment[name] !== '')
  const list = findName(environment, 'no_proxy') ?? 'NO_PROXY'
  const exempted = (environment[list] ?? '').split(/[,\s]+/).filter((entry) => entry !== '')
  if (variable === undefined || exempted.some((entry) => covers(entry, { host, port }))) return undefined
  return { variable, exemption: { [list]: [...exempted, host].join(',') } }
}

function findName(environment: Environment, name: string): string | undefined {
  return [name, name.toUpperCase()].find((candidate) => environment[candidate] !== undefined)
}

/** An entry is a host, with or without port, a domain with all that is below it, or `*`. */
function covers(entry: string, { host, port }: { readonly host: string; readonly port: string }): boolean {
  const named = entry.toLowerCase().replace(/^\*?\./, '')
  const hasPort = port !== '' && named.endsWith(`:${port}`)
  const domain = (hasPort ? named.slice(0, -port.length - 1) : named).replace(/^\[|\]$/g, '')
  return entry === '*' || host === domain || host.endsWith(`.${domain}`)
}
