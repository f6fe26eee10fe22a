// SPDX-License-Identifier: Apache-2.0
import { parentPort, workerData } from 'node:worker_threads'
import type { Block } from './block.ts'
import { isUnreadable } from './inputs.ts'
import type { RowBatch } from './row-batch.ts'
import { createScanBlock, type ScannedRows, type ScanOptions } from './scan-block.ts'
import type { ScanMessage } from './scan-thread.ts'
import { buffersOf } from './transfer.ts'

/** The other end of a scan thread: says that it is ready, and then answers each block with its rows. */
const scanBlock = await createScanBlock(workerData as ScanOptions)

parentPort?.on('message', ({ block, spare }: { readonly block: Block; readonly spare?: RowBatch }) => {
  let scanned: ScannedRows
  try {
    scanned = scanBlock(block, spare)
  } catch (error) {
    if (!isUnreadable(error)) throw error
    tell({ kind: 'unreadable', ...describe(error) })
    return
  }
  tell({ kind: 'scanned', scanned }, buffersOf(scanned.batch))
})
tell({ kind: 'ready' })

/** The cause of an error, in parts: a whole one would lose its code on the way. */
function describe({ cause }: { readonly cause?: unknown }): { readonly message: string; readonly code: unknown } {
  if (!(cause instanceof Error)) return { message: String(cause), code: undefined }
  return { message: cause.message, code: 'code' in cause ? cause.code : undefined }
}

function tell(message: ScanMessage, buffers: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, buffers)
}
