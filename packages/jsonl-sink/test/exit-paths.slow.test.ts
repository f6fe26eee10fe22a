// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readFolder, rows, temporaryFolder } from './support.ts'

function writer(args: readonly (string | number)[]) {
  const program = new URL('programs/writer.ts', import.meta.url).pathname
  return new Promise<{ code: unknown; stderr: string }>((resolve) => {
    execFile(process.execPath, [program, ...args.map(String)], (error, _, stderr) => {
      resolve({ code: error?.code ?? 0, stderr })
    })
  })
}

describe.each(['jsonl', 'jsonl_gz'])('%s: every row is written once', (format) => {
  it.each([
    ['at a natural end without close', 'natural-end', 0],
    ['at process.exit in the first turn', 'process.exit', 0],
    ['at process.exit while the disk is busy, after 1 turn', 'busy-1', 0],
    ['at process.exit while the disk is busy, after 2 turns', 'busy-2', 0],
    ['at process.exit while the disk is busy, after 4 turns', 'busy-4', 0],
    ['at process.exit while the disk is busy, after 50 turns', 'busy-50', 0],
    ['at an uncaught error', 'uncaught', 1],
  ])('%s', async (_, ending, code) => {
    const folder = temporaryFolder()
    const result = await writer([join(folder, 'trace.jsonl'), format, ending, 20_000])
    expect(result.code).toBe(code)
    if (ending !== 'uncaught') expect(result.stderr).toBe('')
    const written = Object.values(readFolder(folder)).flat()
    expect(written.length).toBe(20_000)
    expect(new Set(written)).toEqual(new Set(rows(20_000)))
  })
})

it.runIf(existsSync('/proc/self'))('a process ends where no folder can be made', async () => {
  const result = await writer(['/proc/nope/deep/trace.jsonl', 'jsonl', 'natural-end', 10])
  expect(result).toEqual({ code: 0, stderr: '' })
})
