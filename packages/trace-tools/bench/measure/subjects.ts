// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from 'node:url'
import { measureNode, measureProcess, type Measurement } from './measure-process.ts'

/** One way to convert a trace. */
export interface Conversion {
  readonly gzip: boolean
  readonly format: 'perfetto' | 'chrome-json'
  readonly jobs: number
}

/** The counts that `trace convert --json` reports, those of them that are checked. */
export interface ReportedCounts {
  readonly rows: { readonly used: number; readonly skipped: number }
  readonly summary: {
    readonly sessions: number
    readonly trajectories: number
    readonly requests: number
    readonly toolCalls: Readonly<Record<string, number>>
    readonly tokens: Readonly<Record<string, number>>
  }
}

/** What users install: to strip the types of sources takes time and memory. */
const command = fileURLToPath(new URL('../../../cli/dist/bin.js', import.meta.url))

const PARSE_EACH_LINE = `
import json, sys
with open(sys.argv[1]) as lines:
    for line in lines:
        json.loads(line)
`

/** What figures are compared with: Python parses each line, and does nothing else. */
export function runBaseline(input: string): Promise<Measurement> {
  return measureProcess('python3', ['-c', PARSE_EACH_LINE, input])
}

/** Runs `dynamo-agent trace convert` as a person does. */
export function runConversion(input: string, output: string, { format, jobs }: Conversion): Promise<Measurement> {
  const options = ['--output', output, '--format', format, '--jobs', String(jobs)]
  return measureNode(command, ['trace', 'convert', input, ...options])
}

/** Converts a trace to see what is found in it. */
export async function findCounts(input: string, output: string): Promise<ReportedCounts> {
  const { stdout } = await measureNode(command, ['trace', 'convert', input, '--output', output, '--json'])
  return JSON.parse(stdout) as ReportedCounts
}

/** How long the command takes to do next to nothing. */
export function runStart(): Promise<Measurement> {
  return measureNode(command, ['--version'])
}

export async function readPythonVersion(): Promise<string> {
  const { stdout } = await measureProcess('python3', ['--version'])
  return stdout.trim().replace('Python ', '')
}
