// SPDX-License-Identifier: Apache-2.0
import { Worker } from 'node:worker_threads'
import { DynamoAgentError } from '@dynamo-agent/core'
import type { Block } from './block.ts'
import { unreadable } from './inputs.ts'
import type { RowBatch } from './row-batch.ts'
import type { ScannedRows, ScanOptions } from './scan-block.ts'
import { buffersOf } from './transfer.ts'

/** What the other end says. */
export type ScanMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'scanned'; readonly scanned: ScannedRows }
  /** The block was left unread, and reading it failed. */
  | { readonly kind: 'unreadable'; readonly message: string; readonly code: unknown }

interface Waiting {
  readonly path: string | undefined
  readonly resolve: (scanned: ScannedRows) => void
  readonly reject: (cause: unknown) => void
}

/** A thread that scans blocks, one after the other. */
export interface ScanThread {
  /** It has started and not failed. */
  isReady(): boolean
  /** Blocks it has not answered yet. */
  pending(): number
  /**
   * The memory of both is gone afterwards; it comes back with the answer.
   *
   * @throws DynamoAgentError `DYN_THREAD_FAILED` when the thread ends before it has answered;
   * `DYN_INPUT_NOT_FOUND` where a block that was left unread cannot be read.
   */
  scan(block: Block, spare: RowBatch | undefined): Promise<ScannedRows>
  close(): Promise<void>
}

/** Sources run as they are, what is published runs from its folder of JavaScript. */
const workerUrl = new URL(import.meta.url.endsWith('.ts') ? './scan-worker.ts' : './scan-worker.js', import.meta.url)

/**
 * A worker has what it needs for scanning in buffers outside of its heap. The
 * limits keep garbage from growing into memory that is cheaper to collect.
 */
const resourceLimits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 4 }

export function startScanThread(options: ScanOptions): ScanThread {
  const worker = new Worker(workerUrl, { workerData: options, resourceLimits, name: 'trace-scan' })
  const waiting: Waiting[] = []
  let ready = false

  const fail = (cause: unknown): void => {
    ready = false
    for (const { reject } of waiting.splice(0)) reject(threadFailed(cause))
  }
  worker.on('message', (message: ScanMessage) => {
    if (message.kind === 'ready') {
      ready = true
      return
    }
    const asked = waiting.shift()
    if (message.kind === 'scanned') asked?.resolve(message.scanned)
    else asked?.reject(unreadable(asked.path ?? '', Object.assign(new Error(message.message), { code: message.code })))
    if (waiting.length === 0) worker.unref()
  })
  worker.on('error', fail)
  worker.on('exit', fail)
  // Only a block that somebody waits for keeps the process alive.
  worker.unref()

  return {
    isReady: () => ready,
    pending: () => waiting.length,
    scan(block, spare) {
      worker.ref()
      const columns = spare && { ...spare, bytes: new Uint8Array(), harness: [] }
      const buffers = [block.bytes.buffer as ArrayBuffer, ...(columns ? buffersOf(columns) : [])]
      worker.postMessage({ block, ...(columns && { spare: columns }) }, buffers)
      return new Promise((resolve, reject) => waiting.push({ path: block.unread?.path, resolve, reject }))
    },
    async close() {
      await worker.terminate()
    },
  }
}

/** @param cause An error, or the exit code of a thread that ended without one. */
function threadFailed(cause: unknown): DynamoAgentError {
  return new DynamoAgentError({
    code: 'DYN_THREAD_FAILED',
    message: 'a thread that reads rows ended before its time',
    advice: 'Run it again with --jobs 1, which needs no other threads.',
    cause,
  })
}
