// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError, type TraceRecord } from '@dynamo-agent/core'
import { readTrace } from '@dynamo-agent/trace-tools'
import { readFrom, type ReadFromOptions } from './read-from.ts'
import { sizesOf } from './trace-files.ts'

export interface NewestRowsOptions {
  /** How long reading may take; what has come until then is what there is. */
  readonly limitMs: number
  /** About how many rows; whole batches are kept. @defaultValue 100000, more than any one run has */
  readonly maxRows?: number
  readonly signal?: AbortSignal | undefined
}

/** About as much as 100,000 rows take; of a plain file nothing before that is read. */
const MAX_BYTES = 64 * 1024 * 1024
const SAMPLE_BYTES = 1024 * 1024

/**
 * Reads the newest rows of a trace that may be of any size.
 *
 * @param files Oldest first.
 * @throws DynamoAgentError what readTrace throws, of the newest file, when there is not one row.
 */
export async function readNewestRows(
  files: readonly string[],
  { limitMs, maxRows = 100_000, signal }: NewestRowsOptions,
): Promise<readonly TraceRecord[]> {
  const deadlineMs = performance.now() + limitMs
  let rows: readonly TraceRecord[] = []
  let problem: DynamoAgentError | undefined
  for (const [file, size] of [...(await sizesOf(files))].toReversed()) {
    if (rows.length >= maxRows || performance.now() > deadlineMs) break
    // Only the beginning of a compressed file tells how to read the rest.
    const start = file.endsWith('.gz') ? 0 : Math.max(0, size - MAX_BYTES)
    try {
      rows = [...(await readPart(file, { start, deadlineMs, signal, maxRows })), ...rows]
    } catch (error) {
      if (!DynamoAgentError.isInstance(error)) throw error
      problem ??= error
    }
  }
  if (rows.length === 0 && problem !== undefined) throw problem
  return rows
}

/** Why a file is no trace, by its beginning; undefined when it is one, or may become one. */
export async function findForeignContent(file: string): Promise<DynamoAgentError | undefined> {
  try {
    await readPart(file, { start: 0, length: SAMPLE_BYTES, maxRows: 1 })
  } catch (error) {
    if (!DynamoAgentError.isInstance(error)) throw error
    return error.code === 'DYN_INPUT_NOT_A_TRACE' ? error : undefined
  }
  return undefined
}

interface Part {
  readonly maxRows: number
}

async function readPart(file: string, { maxRows, ...part }: ReadFromOptions & Part): Promise<readonly TraceRecord[]> {
  const batches: (readonly TraceRecord[])[] = []
  let kept = 0
  try {
    for await (const batch of readTrace(['-'], { stdin: readFrom(file, part) })) {
      batches.push(batch)
      kept += batch.length
      while (batches[0] !== undefined && kept - batches[0].length >= maxRows) {
        kept -= batches[0].length
        batches.shift()
      }
    }
  } catch (error) {
    throw DynamoAgentError.isInstance(error) ? nameFile(error, file) : error
  }
  return batches.flat()
}

function nameFile({ code, message, advice }: DynamoAgentError, file: string): DynamoAgentError {
  return new DynamoAgentError({ code, message: message.replace('standard input', file), advice })
}
