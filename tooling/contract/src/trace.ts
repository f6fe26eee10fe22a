// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { constants, gunzipSync } from 'node:zlib'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseExactJson } from '@dynamo-agent/core'
import type { Target } from './targets/target.ts'

export type Fields = Readonly<Record<string, unknown>>

/** A line of a trace file, as the frontend wrote it; integers beyond 2^53 are bigints. */
export interface TraceLine {
  readonly timestamp: number
  readonly event: Fields & {
    readonly event_type: string
    readonly event_time_unix_ms: number
    readonly agent_context?: Fields
    readonly request?: Fields
    readonly tool?: Fields
  }
}

type Traced = Pick<Target, 'traceFolder'>

/** The trace files so far, rolled ones in order. */
export function traceFiles({ traceFolder }: Traced): string[] {
  const names = readdirSync(traceFolder).filter((name) => /^trace\b.*\.(?:jsonl|gz)$/.test(name))
  return names.sort().map((name) => join(traceFolder, name))
}

/** The lines of one file; one that is being written may end in a torn line, which is left out. */
export function readTraceFile(path: string): TraceLine[] {
  const bytes = readFileSync(path)
  const text = path.endsWith('.gz') ? gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }) : bytes
  const lines = text.toString().split('\n').slice(0, -1)
  return lines.map((line) => parseExactJson(line) as TraceLine)
}

/** Every line of the trace so far. */
export function readTrace(target: Traced): TraceLine[] {
  return traceFiles(target).flatMap(readTraceFile)
}

/** Rows come within the flush interval, except on a busy machine. */
const ROW_LIMIT_MS = 15_000

/** Waits until a row is in the trace. */
export async function waitForRow(
  target: Traced,
  isIt: (line: TraceLine) => boolean,
  limitMs: number = ROW_LIMIT_MS,
): Promise<TraceLine> {
  const deadline = Date.now() + limitMs
  for (;;) {
    const found = readTrace(target).find(isIt)
    if (found !== undefined) return found
    if (Date.now() > deadline) throw new Error('the row never came')
    await sleep(10)
  }
}
