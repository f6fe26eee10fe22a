// SPDX-License-Identifier: Apache-2.0
import { isAbsolute, relative } from 'node:path'

/** `41310` → `41,310`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US')
}

/** `(2, 'session')` → `2 sessions`. */
export function formatCounted(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`
}

/** No trace takes so long: somebody's clock or unit is wrong, and more digits would tell nothing. */
const MAX_HOURS = 1_000_000

/** Milliseconds in the unit that a person would choose: `340 ms`, `6.2 s`, `12 min 5 s`, `2 h 14 min`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_950) return formatSeconds(ms)
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  if (ms >= MAX_HOURS * 3_600_000) return formatSeconds(ms)
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Milliseconds as seconds with one decimal, so that a column of them can be compared. */
export function formatSeconds(ms: number): string {
  if (ms >= MAX_HOURS * 3_600_000) return `more than ${formatCount(MAX_HOURS)} h`
  return `${(ms / 1000).toFixed(1)} s`
}

/** `0.42` → `42 %`. */
export function formatShare(share: number): string {
  return `${Math.round(share * 100)} %`
}

/** Bytes in decimal units: `512 B`, `148 kB`, `1.2 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** A bar of `share` × `width` characters, to an eighth of a character; what is not nothing shows. */
export function formatBar(share: number, width: number): string {
  const parts = Math.round(Math.min(1, Math.max(0, share)) * width * 8)
  if (parts === 0) return share > 0 ? '▏' : ''
  return '█'.repeat(Math.floor(parts / 8)) + (eighths[parts % 8] ?? '')
}

/** A path as a person would type it: relative below the folder they are in, absolute elsewhere. */
export function formatPath(path: string, workingDirectory: string = process.cwd()): string {
  const short = relative(workingDirectory, path)
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short
}

/** Rows as lines, each column as wide as its widest cell; `right` names the columns that align right. */
export function formatColumns(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0))
  return rows.map((row) =>
    row
      .map((cell, column) => (right.includes(column) ? cell.padStart(width(column)) : cell.padEnd(width(column))))
      .join('  ')
      .trimEnd(),
  )
}
