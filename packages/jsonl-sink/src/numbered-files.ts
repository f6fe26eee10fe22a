// SPDX-License-Identifier: Apache-2.0
import { statSync } from 'node:fs'
import { promisify } from 'node:util'
import { gzip, gzipSync } from 'node:zlib'
import { openForAppend, openForAppendSync, probeFolderOf, systemCode } from './file-system.ts'
import type { OutputFiles } from './output-files.ts'

const compress = promisify(gzip)

export interface NumberedFilesOptions {
  readonly path: string
  /** Uncompressed bytes. */
  readonly rollBytes: number
  readonly rollLines: number
}

/**
 * Dynamo's `jsonl_gz`: `<prefix>.000000.jsonl.gz` and so on, one complete gzip
 * member for each flush, so that a file can be read while it grows and up to
 * its last flush when the process is killed. Rolling is decided before a row
 * is taken: by rows (measured on Dynamo 1.6.1) and by uncompressed bytes (from
 * Dynamo's published source).
 *
 * A file is made exclusively: numbers that exist are passed over, so a restart
 * takes the next one, and a second process with the same path does too instead
 * of mixing its rows into ours.
 */
export function createNumberedFiles({ path, rollBytes, rollLines }: NumberedFilesOptions): OutputFiles {
  const prefix = path.replace(/\.jsonl(\.gz)?$/, '')
  let index = 0
  let current: string | undefined
  /** The file that an asynchronous `open` is about to make. */
  let opening: string | undefined
  let rows = 0
  let bytes = 0

  const candidate = () => `${prefix}.${index.toString().padStart(6, '0')}.jsonl.gz`

  return {
    admit(rowBytes) {
      if (rows > 0 && (rows >= rollLines || bytes + rowBytes > rollBytes)) return false
      rows++
      bytes += rowBytes
      return true
    },
    next() {
      if (current !== undefined) index++
      current = undefined
      rows = 0
      bytes = 0
    },
    encode: (batch) => compress(text(batch)),
    encodeSync: (batch) => gzipSync(text(batch)),
    async open() {
      if (current !== undefined) return { fd: await openForAppend(current, 'a'), path: current }
      for (; ; index++) {
        const path = candidate()
        opening = path
        try {
          const fd = await openForAppend(path, 'ax')
          current = path
          return { fd, path }
        } catch (error) {
          if (systemCode(error) !== 'EEXIST') throw error
        } finally {
          opening = undefined
        }
      }
    },
    openSync() {
      // When a process exits in the middle of `open`, the system makes the
      // file nevertheless; passing it over would leave it behind empty.
      if (opening !== undefined && isEmptyOrMissing(opening)) current = opening
      if (current !== undefined) return { fd: openForAppendSync(current, 'a'), path: current }
      for (; ; index++) {
        const path = candidate()
        try {
          const fd = openForAppendSync(path, 'ax')
          current = path
          return { fd, path }
        } catch (error) {
          if (systemCode(error) !== 'EEXIST') throw error
        }
      }
    },
    probe: () => probeFolderOf(prefix),
  }
}

function text(rows: readonly string[]): string {
  return `${rows.join('\n')}\n`
}

function isEmptyOrMissing(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0
}
