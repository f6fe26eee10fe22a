// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { goodRecord } from '../../src/observe/tool-events.ts'
import { startTarget } from '../../src/targets/start-target.ts'
import type { Target, TargetName } from '../../src/targets/target.ts'
import { connectToolEventSocket } from '../../src/tool-event-socket.ts'
import { readTrace, readTraceFile, traceFiles, waitForRow } from '../../src/trace.ts'

const ROLL_LINES = 20
const EVENTS = 50

/** Compressed traces, which are rolled: a target of its own that writes them. */
export function describeFiles(name: TargetName): void {
  describe('rolled files', () => {
    let target: Target | undefined
    const sendEvents = async (prefix: string, count: number) => {
      using socket = connectToolEventSocket(target!.toolEventsEndpoint)
      const ids = Array.from({ length: count }, (_, index) => `${prefix}-${index}`)
      for (const id of ids) await socket.sendRecord(goodRecord(target!, id))
      await waitForRow(target!, ({ event }) => event.tool?.tool_call_id === ids.at(-1))
    }
    const names = () => traceFiles(target!).map((path) => basename(path))

    beforeAll(async () => {
      target = await startTarget(name, { traceFormat: 'jsonl_gz', rollLines: ROLL_LINES })
      await sendEvents('first', EVENTS)
    }, 60_000)
    afterAll(() => target?.[Symbol.asyncDispose]())

    test('are numbered from 000000, and hold as many lines as they may', () => {
      expect(names()).toEqual(['trace.000000.jsonl.gz', 'trace.000001.jsonl.gz', 'trace.000002.jsonl.gz'])
      expect(traceFiles(target!).map((path) => readTraceFile(path).length)).toEqual([20, 20, 10])
    })

    test('can be read while they are written: each flush is a whole gzip member', () => {
      for (const path of traceFiles(target!)) expect(gunzipSync(readFileSync(path)).toString()).toMatch(/\}\n$/)
    })

    test('go on after a restart under the next number, and lose nothing', { timeout: 60_000 }, async () => {
      await target!.stopFrontend()
      await target!.startFrontend()
      await sendEvents('second', 5)
      expect(names()).toContain('trace.000003.jsonl.gz')
      expect(readTrace(target!)).toHaveLength(EVENTS + 5)
    })
  })
}
