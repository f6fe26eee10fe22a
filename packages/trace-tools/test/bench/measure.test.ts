// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { measureNode, measureProcess } from '../../bench/measure/measure-process.ts'
import { formatReport } from '../../bench/measure/report.ts'
import { median } from '../../bench/measure/statistics.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

function program(source: string): string {
  const path = join(temporaryFolder(), 'program.mjs')
  writeFileSync(path, source)
  return path
}

describe('the measurement of a process', () => {
  it('knows its time, its output and its memory, threads and what was freed included', async () => {
    const path = program(`
      import { isMainThread, Worker } from 'node:worker_threads'
      if (isMainThread) {
        Buffer.alloc(200e6, 1)
        new Worker(new URL(import.meta.url)).on('exit', () => console.log('over'))
      }
    `)
    const { wallMs, stdout, peakBytes } = await measureNode(path, [])
    expect(stdout).toBe('over\n')
    expect(wallMs).toBeGreaterThan(10)
    expect(peakBytes).toBeGreaterThan(200e6)
    expect(peakBytes).toBeLessThan(500e6)
  })

  it('does not count the memory of the process that measures', async () => {
    const large = Buffer.alloc(600e6, 1)
    const { peakBytes } = await measureNode(program(''), [])
    expect(large.length).toBe(600e6)
    expect(peakBytes).toBeLessThan(300e6)
  })

  it('tells what a process said that failed', async () => {
    await expect(measureNode(program('console.error("out of luck"); process.exit(3)'), [])).rejects.toThrow(
      /failed with 3:\nout of luck/,
    )
    await expect(measureProcess('no-such-program', [])).rejects.toThrow('ENOENT')
  })
})

describe('the page of benchmarks', () => {
  it('compares the shortest times', () => {
    const page = formatReport({
      machine: { cores: 2, memoryBytes: 2 ** 34, platform: 'linux', nodeVersion: '24.1.0', pythonVersion: '3.11.7' },
      shape: 'swarm',
      startMs: 310,
      sizes: [
        {
          rows: 100_000,
          bytes: 104_000_000,
          baselineMs: [2100, 2000, 2600],
          conversions: [
            {
              conversion: { gzip: false, format: 'perfetto', jobs: 2 },
              wallMs: [620, 600, 700],
              peakBytes: [90e6, 91e6, 89e6],
              outputBytes: 41_200_000,
            },
          ],
        },
      ],
    })
    expect(page).toContain('2 cores, 16 GiB of memory, linux, Node 24.1.0, Python 3.11.7. Starting the command takes 0.31 s')
    expect(page).toContain('## 100,000 rows, 104 MB of text\n\nBaseline: 2.00 s, median 2.10 s, 3 runs of each.')
    expect(page).toContain('| plain | perfetto | 2 | 0.60 s | 0.62 s | **0.30** | 167,000 | 173 | 91 MB | 412 B |')
  })

  it.each([
    { values: [3], middle: 3 },
    { values: [10, 9], middle: 9.5 },
    { values: [100, 20, 3], middle: 20 },
  ])('takes $middle for the median of $values', ({ values, middle }) => {
    expect(median(values)).toBe(middle)
  })
})
