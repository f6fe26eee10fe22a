// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Readable, type Writable } from 'node:stream'
import { text } from 'node:stream/consumers'

/** What one run of a process took. */
export interface Measurement {
  /** From its start to its end, the start of its runtime included. */
  readonly wallMs: number
  readonly stdout: string
  /** Resident memory at its highest; absent where the process does not report it. */
  readonly peakBytes?: number
}

/** Where report-peak.mjs writes. */
const REPORT = 3

const reportPeak = new URL('report-peak.mjs', import.meta.url).href

/** Runs a Node program from what is built and measures it, its memory too. @throws Error where it fails. */
export function measureNode(program: string, args: readonly string[]): Promise<Measurement> {
  const flags = ['--conditions=@dynamo-agent/dist', `--import=${reportPeak}`]
  return measureProcess(process.execPath, [...flags, program, ...args])
}

/** Runs a program and measures it. @throws Error where it is missing or fails. */
export async function measureProcess(program: string, args: readonly string[]): Promise<Measurement> {
  const startMs = performance.now()
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
  const texts = Promise.all([child.stdout, child.stderr, child.stdio[REPORT]].map(readText))
  const [code] = (await once(child, 'exit')) as [number | null]
  const wallMs = performance.now() - startMs
  const [stdout = '', errors = '', peak = ''] = await texts
  if (code !== 0) throw new Error(`${[program, ...args].join(' ')} failed with ${code ?? 'a signal'}:\n${errors}`)
  return { wallMs, stdout, ...(peak !== '' && { peakBytes: Number(peak) }) }
}

function readText(stream: Readable | Writable | null | undefined): Promise<string> {
  return stream instanceof Readable ? text(stream) : Promise.resolve('')
}
