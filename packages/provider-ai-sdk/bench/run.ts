// SPDX-License-Identifier: Apache-2.0
// Measures what this package costs an application, beside the bare provider that it is built on.
import { publishFigures, readCount, runProgram, UsageError, type Figures } from '@dynamo-agent/bench'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { generate, measureCalls, stream, type CallFigures } from './calls.ts'
import { startFrontendProcess } from './frontend-process.ts'
import { measureHeap } from './heap.ts'
import { subjectsOf } from './subjects.ts'
import { measureToolEvents } from './tool-events.ts'

const usage = 'usage: pnpm bench [--rounds N] [--heap-calls N] [--write]\n'

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '40' },
      'heap-calls': { type: 'string', default: '10000' },
      /** Has the figures put into the README. */
      write: { type: 'boolean', default: false },
    },
  })
  const rounds = readCount('--rounds', values.rounds)
  if (rounds < 1) throw new UsageError('--rounds 0: nothing to measure')
  const heapCalls = readCount('--heap-calls', values['heap-calls'])

  const folder = await mkdtemp(join(tmpdir(), 'provider-ai-sdk-bench-'))
  using frontend = await startFrontendProcess()
  const subjects = subjectsOf(frontend, join(folder, 'harness.jsonl'))

  const tables: Figures[] = [
    callFigures('generateText', await measureCalls({ subjects, ask: generate, rounds, calls: 50 })),
    callFigures('streamText, 100 chunks', await measureCalls({ subjects, ask: stream, rounds, calls: 10 })),
    [
      ['time of the caller', 'median µs', 'p99 µs'],
      ...(await measureToolEvents(frontend)).map(({ name, medianUs, p99Us }) => [
        name,
        medianUs.toFixed(1),
        p99Us.toFixed(1),
      ]),
    ],
  ]
  if (heapCalls > 0) {
    const rows = [[`live heap, ${heapCalls} calls`, 'before MB', 'after MB']]
    for (const subject of [subjects[0], subjects.at(-1)]) {
      if (subject === undefined) continue
      const { name, beforeBytes, afterBytes } = await measureHeap(subject, heapCalls)
      rows.push([name, ...[beforeBytes, afterBytes].map((bytes) => (bytes / 2 ** 20).toFixed(2))])
    }
    tables.push(rows)
  }
  await rm(folder, { recursive: true })
  await publishFigures(tables, values.write ? new URL('../README.md', import.meta.url) : undefined)
}

function callFigures(title: string, [baseline, ...others]: readonly CallFigures[]): Figures {
  const more = (value: number) => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`
  const rows = others.map(({ name, wallMs, cpuMs }) => [name, more(wallMs), more(cpuMs)])
  const first = baseline === undefined ? [] : [[baseline.name, baseline.wallMs.toFixed(3), baseline.cpuMs.toFixed(3)]]
  return [[title, 'wall ms', 'CPU ms'], ...first, ...rows]
}

await runProgram(main, usage)
