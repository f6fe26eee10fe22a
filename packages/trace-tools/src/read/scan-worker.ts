// SPDX-License-Identifier: Apache-2.0
import { parentPort, workerData } from 'node:worker_threads'
import { createScanBlock, type ScanOptions } from './scan-block.ts'
import type { Block } from './block.ts'
import type { RowBatch } from './row-batch.ts'
import { buffersOf } from './transfer.ts'

/** The other end of a scan thread: says that it is ready, and then answers each block with its rows. */
const scanBlock = await createScanBlock(workerData as ScanOptions)
parentPort?.on('message', ({ block, spare }: { readonly block: Block; readonly spare?: RowBatch }) => {
  const scanned = scanBlock(block, spare)
  parentPort?.postMessage(scanned, buffersOf(scanned.batch))
})
parentPort?.postMessage('ready')
