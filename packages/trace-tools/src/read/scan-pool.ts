// SPDX-License-Identifier: Apache-2.0
import { BYTES_BEHIND, type Block } from './block.ts'
import type { RowBatch } from './row-batch.ts'
import { createScanBlock, type ScannedRows, type ScanOptions } from './scan-block.ts'
import { startScanThread, type ScanThread } from './scan-thread.ts'

/** Scans blocks in this thread, and in others where there is enough to do. */
export interface ScanPool {
  /** How many blocks should be handed over before the first one is asked for. */
  depth(): number
  /** Whether other threads are at work. */
  hasThreads(): boolean
  scan(block: Block, spare: RowBatch | undefined): Promise<ScannedRows>
  close(): Promise<void>
}

export interface ScanPoolOptions extends ScanOptions {
  /** Threads that work in all, this one included. */
  readonly jobs: number
  /** Size of an ordinary block. */
  readonly blockBytes: number
  /**
   * Other threads start at once where more than twice as many bytes are
   * expected; else when so many have been scanned, if that is more than was expected.
   */
  readonly threadsAfterBytes: number
  /** How much there is to scan, as far as that is known; there is more where it is compressed. */
  readonly expectedBytes: number
}

export async function createScanPool(options: ScanPoolOptions): Promise<ScanPool> {
  const { jobs, blockBytes, threadsAfterBytes, expectedBytes, ...scanOptions } = options
  const threads: ScanThread[] = []
  let scannedBytes = 0

  const startThreads = (): void => {
    while (threads.length < jobs - 1) threads.push(startScanThread(scanOptions))
  }
  if (expectedBytes > 2 * threadsAfterBytes) startThreads()
  const close = async (): Promise<void> => {
    await Promise.all(threads.map((thread) => thread.close()))
  }
  const scanHere = await createScanBlock(scanOptions).catch(async (error: unknown) => {
    await close()
    throw error
  })

  function findThread({ bytes }: Block): ScanThread | undefined {
    // One line may need more memory than a thread is allowed.
    if (bytes.length > blockBytes + BYTES_BEHIND) return undefined
    let freest: ScanThread | undefined
    for (const thread of threads) {
      if (thread.isReady() && (freest === undefined || thread.pending() < freest.pending())) freest = thread
    }
    return freest
  }

  return {
    depth: () => (threads.length === 0 ? 2 : 1 + 2 * threads.length),
    hasThreads: () => threads.some((thread) => thread.isReady()),
    async scan(block, spare) {
      // What was not expected is compressed, or comes through a pipe: nobody knows how much will follow.
      if (scannedBytes > Math.max(threadsAfterBytes, expectedBytes)) startThreads()
      scannedBytes += block.end - block.start
      const thread = findThread(block)
      return thread ? thread.scan(block, spare) : scanHere(block, spare)
    },
    close,
  }
}
