// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process'
import { chmodSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseTraceLine } from '@dynamo-agent/core'
import { describe, expect, it } from 'vitest'
import { readFolder, readRows, temporaryFolder } from './support.ts'

interface Writing {
  readonly path: string
  readonly trajectoryId: string
  readonly ending: string
  readonly count: number
  readonly rotateBytes?: number
  /** How many of them write their first rows before any of them goes on. */
  readonly writers?: number
}

function writer({ path, trajectoryId, ending, count, rotateBytes = 1e9, writers = 1 }: Writing) {
  const program = new URL('programs/harness-writer.ts', import.meta.url).pathname
  return new Promise<{ code: unknown; stdout: string }>((resolve) => {
    const args = [program, path, trajectoryId, ending, String(count), String(rotateBytes), String(writers)]
    execFile(process.execPath, args, (error, stdout) => {
      resolve({ code: error?.code ?? 0, stdout })
    })
  })
}

/** The numbers of the checkpoints of each trajectory, in the order of the rows; fails at a row that is broken. */
function numbersByTrajectory(lines: readonly string[]): Map<string, number[]> {
  const numbers = new Map<string, number[]>()
  for (const line of lines) {
    const parsed = parseTraceLine(line)
    if (parsed.kind !== 'harness' || parsed.record.type !== 'checkpoint') throw new Error(`broken row: ${line}`)
    const { identity, checkpoint } = parsed.record
    numbers.set(identity.trajectoryId, [...(numbers.get(identity.trajectoryId) ?? []), checkpoint.bytes])
  }
  return numbers
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
const trajectories = ['agent', 'agent:reviewer', `agent:${'deep'.repeat(40)}`, 'agent:tester']

describe('processes that share a file', () => {
  it('write whole lines, each once and in their own order', async () => {
    const path = join(temporaryFolder(), 'harness.jsonl')
    await Promise.all(
      trajectories.map((trajectoryId) =>
        writer({ path, trajectoryId, ending: 'close', count: 2000, writers: trajectories.length }),
      ),
    )
    const lines = readRows(path)
    const found = numbersByTrajectory(lines)
    expect(found).toEqual(new Map([...found.keys()].map((id) => [id, upTo(2000)])))
    expect([...found.keys()].toSorted()).toEqual(trajectories.toSorted())
    // They did write at the same time: no trajectory has all its rows in a row.
    const owners = lines.map((line) => /"trajectory_id":"([^"]*)"/.exec(line)?.[1])
    expect(owners.filter((owner, at) => owner !== owners[at - 1]).length).toBeGreaterThan(trajectories.length)
  })

  it('set it aside without losing a row or writing one twice', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'harness.jsonl')
    await Promise.all(
      trajectories.map((trajectoryId) =>
        writer({ path, trajectoryId, ending: 'close', count: 1000, rotateBytes: 5000 }),
      ),
    )
    const files = readFolder(folder)
    expect(Object.keys(files).length).toBeGreaterThan(1)
    const found = numbersByTrajectory(Object.values(files).flat())
    for (const id of trajectories) expect(found.get(id)?.toSorted((a, b) => a - b)).toEqual(upTo(1000))
  })
})

describe('every record is written once', () => {
  it.each([
    ['at a natural end without close', 'natural-end', 0],
    ['at process.exit', 'process.exit', 0],
    ['at an uncaught error', 'uncaught', 1],
  ])('%s', async (_, ending, code) => {
    const path = join(temporaryFolder(), 'harness.jsonl')
    expect((await writer({ path, trajectoryId: 'agent', ending, count: 1000 })).code).toBe(code)
    // The system finishes a write that was under way, perhaps behind the ones of the last turn.
    const found = numbersByTrajectory(readRows(path))
    expect([...found.keys()]).toEqual(['agent'])
    expect(found.get('agent')?.toSorted((a, b) => a - b)).toEqual(upTo(1000))
  })
})

describe('a folder that may not be written', () => {
  it.each([
    ['costs the records where there is no file, and they are counted', false, { written: 0, dropped: 10 }],
    ['costs no record where there is one, but that cannot be set aside', true, { written: 10, dropped: 0 }],
  ])('%s', async (_, hasFile, counters) => {
    const folder = temporaryFolder()
    const path = join(folder, 'harness.jsonl')
    if (hasFile) {
      writeFileSync(path, '\n')
      chmodSync(path, 0o666)
    }
    chmodSync(folder, 0o555)
    const { code, stdout } = await writer({ path, trajectoryId: 'agent', ending: 'nobody', count: 10, rotateBytes: 1 })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ waiting: 0, ...counters, problem: 'DYN_OUTPUT_UNWRITABLE' })
    expect(readdirSync(folder)).toEqual(hasFile ? ['harness.jsonl'] : [])
    chmodSync(folder, 0o755)
  })
})
