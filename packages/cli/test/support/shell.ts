// SPDX-License-Identifier: Apache-2.0
import { parseScript, startLocalFrontend, type Generation, type LocalFrontend } from '@dynamo-agent/local-frontend'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { run, type Finished } from './run.ts'

/** The variables that a person has set in a shell. */
export type Shell = Readonly<Record<string, string | undefined>>

const script = parseScript(
  JSON.stringify({ turns: [{ toolCalls: [{ name: 'add', arguments: {} }] }, 'Five.'] }),
  'script',
)

export interface FrontendOfShellOptions {
  readonly generation?: Generation
  readonly port?: number
  readonly apiKey?: string
  readonly host?: string
  readonly now?: () => number
  /** Who shares it closes it. @defaultValue false: it closes with the test */
  readonly isShared?: boolean
}

/**
 * Starts a frontend from a shell as Dynamo would start there: it traces,
 * listens for tool events (from 1.4 on, where it records tools) and takes their topic only where the variables that
 * its generation reads say so (measured on 1.2.1, 1.3.1 and 1.6.1).
 */
export async function startFromShell(shell: Shell, options: FrontendOfShellOptions = {}): Promise<LocalFrontend> {
  const { generation = '1.3+', isShared = false, ...others } = options
  const prefix = generation === '1.2' ? 'DYN_AGENT_TRACE' : 'DYN_REQUEST_TRACE'
  const read = (suffix: string) => (shell[`${prefix}${suffix}`] === '' ? undefined : shell[`${prefix}${suffix}`])
  const records = generation === '1.2' ? undefined : read('_RECORDS')
  const traces = generation === '1.2' ? read('_SINKS') !== undefined : read('') === '1' || records !== undefined
  const path = read('_OUTPUT_PATH')
  const listens = traces && (records === undefined || records.includes('tool'))
  const endpoint = listens ? read('_TOOL_EVENTS_ZMQ_ENDPOINT') : undefined
  const topic = read('_TOOL_EVENTS_ZMQ_TOPIC')
  const frontend = await startLocalFrontend({
    model: { script, engine: { speedup: 1000 } },
    generation,
    ...others,
    ...(traces &&
      path !== undefined && {
        trace: { path, format: read('_SINKS') === 'jsonl_gz' ? 'jsonl_gz' : 'jsonl', flushIntervalMs: 20 },
      }),
    toolEvents: endpoint === undefined ? false : { bind: endpoint, topic },
  })
  if (!isShared) onTestFinished(() => frontend.close())
  return frontend
}

/** A port of this machine that nobody listens on at the moment. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

export function doctor(shell: Shell, ...args: readonly string[]): Promise<Finished> {
  return run(['doctor', ...args], { environment: shell })
}

/** The lines to type that doctor printed below what it names first. */
export function linesToType({ stdout }: Finished): string[] {
  const first = /^(?:FAIL .*|(?![^]*^FAIL)warn .*)\n((?: {8}.*\n)*)/m.exec(stdout)?.[1] ?? ''
  return [...first.matchAll(/^ {10}(\S.*)$/gm)].map(([, line = '']) => line)
}

/** The shell after those lines were typed into it. */
export function typeCures(shell: Shell, result: Finished): Shell {
  return evaluate(
    shell,
    linesToType(result)
      .filter((line) => /^(export|unset) /.test(line))
      .join('\n'),
  )
}

/** The shell after it has evaluated a text. */
export function evaluate(shell: Shell, text: string): Shell {
  const { stdout, status, stderr } = spawnSync('bash', ['--norc', '-ec', `${text}\nenv -0`], {
    env: shell,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`bash: ${stderr}`)
  const entries = stdout.split('\0').flatMap((entry) => {
    const [name = '', ...value] = entry.split('=')
    return /^(DYN|OPENAI)/.test(name) ? [[name, value.join('=')] as const] : []
  })
  return Object.fromEntries(entries)
}

/** The name and status of each check that is neither ok nor skipped, in order. */
export function faultsIn({ stdout }: Pick<Finished, 'stdout'>): string[] {
  return [...stdout.matchAll(/^(FAIL|warn) {2}(.{14}) {2}/gm)].map(
    ([, status = '', name = '']) => `${status} ${name.trim()}`,
  )
}
