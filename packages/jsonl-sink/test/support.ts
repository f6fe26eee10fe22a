// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { onTestFinished } from 'vitest'

/** A folder of its own for one test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'jsonl-sink-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

export const row = (index: number) => JSON.stringify({ row: index })
export const rows = (count: number, first = 0) => Array.from({ length: count }, (_, index) => row(first + index))

export function readRows(path: string): string[] {
  const bytes = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
  if (!text.endsWith('\n')) throw new Error(`${path} does not end with a line feed`)
  return text.slice(0, -1).split('\n')
}

/** The files of a folder by name, each as its rows. */
export function readFolder(folder: string): Record<string, string[]> {
  const names = readdirSync(folder).sort()
  return Object.fromEntries(names.map((name) => [name, readRows(join(folder, name))]))
}

/** How many gzip members a file has; each starts with the same three bytes. */
export function countMembers(path: string): number {
  const bytes = readFileSync(path)
  const magic = Buffer.from([0x1f, 0x8b, 0x08])
  let members = 0
  for (let at = bytes.indexOf(magic); at !== -1; at = bytes.indexOf(magic, at + 3)) members++
  return members
}
