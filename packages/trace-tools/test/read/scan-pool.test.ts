// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { createScanPool, type ScanPoolOptions } from '../../src/read/scan-pool.ts'
import { requestLine } from '../support/trace-lines.ts'

/** How many threads a pool has besides this one after it has scanned so many bytes. */
async function threadsAfter(scannedBytes: number, options: Partial<ScanPoolOptions>): Promise<number> {
  const pool = await createScanPool({ jobs: 3, blockBytes: 4096, threadsAfterBytes: 1000, expectedBytes: 0, ...options })
  const line = Buffer.from(`${requestLine({ at: 0 })}\n`)
  for (let bytes = 0; bytes < scannedBytes; bytes += line.length) {
    await pool.scan({ bytes: new Uint8Array(line), start: 0, end: line.length }, undefined)
  }
  // Each thread has one block that it scans and one that waits for it.
  const threads = (pool.depth() - 1) / 2
  await pool.close()
  return Math.floor(threads)
}

it.each<[string, Partial<ScanPoolOptions>, number, number]>([
  ['at once where there is much to scan', { expectedBytes: 2001 }, 0, 2],
  ['not at once where there is less', { expectedBytes: 2000 }, 0, 0],
  ['not at once where nobody knows', {}, 0, 0],
  ['where nobody knows, once much is scanned', {}, 3000, 2],
  ['where it is compressed, once much is scanned', { expectedBytes: 500 }, 3000, 2],
  ['not while little is scanned', { expectedBytes: 1900 }, 500, 0],
  ['never where little is left', { expectedBytes: 1900 }, 1800, 0],
  ['never where one job is asked for', { expectedBytes: 5000, jobs: 1 }, 3000, 0],
])('other threads start %s', async (_when, options, ...[scannedBytes, threads]) => {
  expect(await threadsAfter(scannedBytes, options)).toBe(threads)
})

it('other threads scan once they are ready', async () => {
  const pool = await createScanPool({ jobs: 2, blockBytes: 4096, threadsAfterBytes: 0, expectedBytes: 1 })
  await expect.poll(() => pool.hasThreads(), { timeout: 30_000 }).toBe(true)
  const bytes = new Uint8Array(Buffer.from(`${requestLine({ at: 0 })}\n`))
  const { batch } = await pool.scan({ bytes, start: 0, end: bytes.length }, undefined)
  expect(batch.count).toBe(1)
  // What another thread scans is moved there.
  expect(bytes.byteLength).toBe(0)
  await pool.close()
})
