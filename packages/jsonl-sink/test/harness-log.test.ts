// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process'
import { appendFileSync, createReadStream, existsSync, statSync, writeFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseTraceLine, type HarnessRecord } from '@dynamo-agent/core'
import { createHarnessLog, type HarnessLogOptions } from '@dynamo-agent/jsonl-sink'
import { describe, expect, it } from 'vitest'
import { readFolder, readRows, temporaryFolder } from './support.ts'

const identity = { sessionId: 'run-1', trajectoryId: 'run-1', sessionTypeId: 'coding' }

function checkpoint(bytes: number): HarnessRecord {
  return { type: 'checkpoint', eventTimeMs: 1000, source: 'pi', identity, checkpoint: { bytes, totalBytes: bytes } }
}

it('refuses a pipe, whose opening could keep a process from its end', () => {
  const path = join(temporaryFolder(), 'pipe')
  execFileSync('mkfifo', [path])
  expect(() => createHarnessLog({ path })).toThrow(expect.objectContaining({ code: 'DYN_OUTPUT_UNWRITABLE' }) as Error)
})

const checkpoints = (count: number, first = 0) => Array.from({ length: count }, (_, index) => checkpoint(first + index))

/** The records of rows, each of which is one. */
function recordsOf(lines: readonly string[]): HarnessRecord[] {
  return lines.map((line) => {
    const parsed = parseTraceLine(line)
    if (parsed.kind !== 'harness') throw new Error(`no row of a harness log: ${line}`)
    return parsed.record
  })
}

function logIn(folder: string, options: Partial<HarnessLogOptions> = {}) {
  const path = join(folder, 'harness.jsonl')
  return { path, log: createHarnessLog({ path, ...options }) }
}

describe('a record', () => {
  it('becomes a row after the interval, never within the turn that records it', async () => {
    const { path, log } = logIn(temporaryFolder(), { flushIntervalMs: 20 })
    log.record(checkpoint(1))
    expect(existsSync(path)).toBe(false)
    expect(log.counters).toMatchObject({ waiting: 1, written: 0 })
    await expect.poll(() => log.counters.written).toBe(1)
    expect(recordsOf(readRows(path))).toEqual([checkpoint(1)])
    await log.close()
  })

  it('is kept in order with the others, however many there are', async () => {
    const { path, log } = logIn(temporaryFolder(), { flushIntervalMs: 60_000 })
    for (const record of checkpoints(1000)) log.record(record)
    const flushed = log.flush()
    for (const record of checkpoints(1000, 1000)) log.record(record)
    await flushed
    await log.flush()
    expect(recordsOf(readRows(path))).toEqual(checkpoints(2000))
    await log.close()
  })

  it('that lacks what every row of its type has is counted, and costs no other', async () => {
    const { path, log } = logIn(temporaryFolder())
    log.record({ ...checkpoint(1), eventTimeMs: NaN })
    log.record(checkpoint(2))
    await log.close()
    expect(log.counters).toMatchObject({ waiting: 0, written: 1, dropped: 1, byReason: { invalid: 1 } })
    expect(recordsOf(readRows(path))).toEqual([checkpoint(2)])
  })

  it('that comes when too many wait or the log is closed is counted', async () => {
    const { log } = logIn(temporaryFolder(), { capacity: 2 })
    for (const record of checkpoints(5)) log.record(record)
    await log.close()
    log.record(checkpoint(6))
    expect(log.counters).toEqual({
      waiting: 0,
      written: 2,
      dropped: 4,
      byReason: { capacity: 3, closed: 1, disk: 0, timeout: 0, invalid: 0 },
    })
  })
})

describe('the file', () => {
  it('is appended to over restarts, and made with the first record', async () => {
    const folder = join(temporaryFolder(), 'new', 'folder')
    for (const first of [0, 10]) {
      const { log } = logIn(folder)
      expect(existsSync(folder)).toBe(first > 0)
      for (const record of checkpoints(10, first)) log.record(record)
      await log.close()
    }
    expect(recordsOf(readRows(join(folder, 'harness.jsonl')))).toEqual(checkpoints(20))
  })

  it('stays the same when the process changes its folder', async () => {
    const log = createHarnessLog({ path: 'harness.jsonl' })
    expect(isAbsolute(log.path)).toBe(true)
    await log.close()
  })

  it('loses only the line that a killed process left unfinished', async () => {
    const { path, log } = logIn(temporaryFolder())
    writeFileSync(path, '{"schema":"dynamo.agent.har')
    log.record(checkpoint(1))
    await log.flush()
    appendFileSync(path, '{"again":')
    log.record(checkpoint(2))
    await log.close()
    const [torn = '', first = '', tornAgain = '', second = ''] = readRows(path)
    expect([torn, tornAgain]).toEqual(['{"schema":"dynamo.agent.har', '{"again":'])
    expect(recordsOf([first, second])).toEqual(checkpoints(2, 1))
  })

  it('is set aside under the first free number when it is large, and every row is kept', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'harness.000001.jsonl'), 'of somebody else\n')
    const { log } = logIn(folder, { rotateBytes: 1500 })
    for (const record of checkpoints(40)) {
      log.record(record)
      await log.flush()
    }
    await log.close()
    const { 'harness.000001.jsonl': foreign, 'harness.jsonl': last = [], ...aside } = readFolder(folder)
    expect(foreign).toEqual(['of somebody else'])
    expect(Object.keys(aside).slice(0, 2)).toEqual(['harness.000000.jsonl', 'harness.000002.jsonl'])
    expect(recordsOf([...Object.values(aside).flat(), ...last])).toEqual(checkpoints(40))
    for (const name of Object.keys(aside)) expect(statSync(join(folder, name)).size).toBeGreaterThanOrEqual(1500)
    expect(log.problem).toBeUndefined()
  })
})

describe('closing', () => {
  it('writes what waits, may happen twice and returns the same promise', async () => {
    const { path, log } = logIn(temporaryFolder(), { flushIntervalMs: 60_000 })
    for (const record of checkpoints(1000)) log.record(record)
    const first = log.close()
    expect(log.close()).toBe(first)
    await first
    expect(recordsOf(readRows(path))).toEqual(checkpoints(1000))
  })

  it('happens at the end of an `await using` block', async () => {
    const path = join(temporaryFolder(), 'harness.jsonl')
    {
      await using log = createHarnessLog({ path })
      log.record(checkpoint(1))
    }
    expect(recordsOf(readRows(path))).toEqual([checkpoint(1)])
  })

  it('is over in time when the disk hangs, and counts what did not get there', async () => {
    const path = join(temporaryFolder(), 'pipe')
    const log = createHarnessLog({ path, closeTimeoutMs: 50 })
    // A pipe that nobody reads hangs as such a disk does.
    execFileSync('mkfifo', [path])
    for (const record of checkpoints(300)) log.record(record)
    void log.flush()
    await setTimeout(100)
    await log.close()
    // How much was on its way already depends on the machine.
    const { waiting, written, byReason } = log.counters
    expect([written, waiting + byReason.timeout]).toEqual([0, 300])
    const reader = createReadStream(path).resume()
    await expect.poll(() => log.counters).toMatchObject({ waiting: 0, written: waiting, dropped: 300 - waiting })
    reader.destroy()
  })
})

describe('a disk that fails is counted and shown, never thrown', () => {
  it.runIf(existsSync('/dev/full'))('when it is full', async () => {
    const log = createHarnessLog({ path: '/dev/full' })
    for (const record of checkpoints(3)) log.record(record)
    await log.close()
    expect(log.counters).toMatchObject({ waiting: 0, written: 0, dropped: 3, byReason: { disk: 3 } })
    expect(log.problem).toMatchObject({ code: 'DYN_OUTPUT_UNWRITABLE', cause: { code: 'ENOSPC' } })
  })

  it('when the folder is a file, until it is none any more', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    const log = createHarnessLog({ path: join(folder, 'file', 'harness.jsonl') })
    log.record(checkpoint(1))
    await log.flush()
    expect(log.counters).toMatchObject({ written: 0, dropped: 1, byReason: { disk: 1 } })
    expect(log.problem).toMatchObject({ cause: { code: 'ENOTDIR' } })
    execFileSync('rm', [join(folder, 'file')])
    log.record(checkpoint(2))
    await log.close()
    expect(log.counters).toMatchObject({ written: 1, dropped: 1 })
  })
})

it.each([{ rotateBytes: 0 }, { flushIntervalMs: Number.NaN }, { capacity: -1 }, { closeTimeoutMs: 0 }])(
  'refuses %j',
  (options) => {
    expect(() => createHarnessLog({ path: 'x', ...options })).toThrow(
      expect.objectContaining({ code: 'DYN_INVALID_OPTION' }),
    )
  },
)
