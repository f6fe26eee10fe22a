// SPDX-License-Identifier: Apache-2.0
import { open, writeFile, type FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { generateTrace, type TraceOptions } from './generate-trace.ts'
import type { Truth } from './truth.ts'

const compress = promisify(gzip)

/** Members that are compressed at once. */
const MEMBERS_AT_ONCE = 4

/** Where the truth about a trace goes. */
export function truthPath(tracePath: string): string {
  return `${tracePath}.truth.json`
}

/**
 * Writes a generated trace, and the truth about it beside it. Where the path
 * ends in `.gz` it is compressed as Dynamo does it: a member for each buffer
 * that the sink empties.
 */
export async function writeTrace(path: string, options: TraceOptions): Promise<Truth> {
  const file = await open(path, 'w')
  let truth: Truth
  try {
    truth = await (path.endsWith('.gz') ? writeMembers(file, options) : writePlain(file, options))
  } finally {
    await file.close()
  }
  await writeFile(truthPath(path), `${JSON.stringify({ options, ...truth }, null, 2)}\n`)
  return truth
}

async function writePlain(file: FileHandle, options: TraceOptions): Promise<Truth> {
  const chunks = generateTrace(options)
  let next = chunks.next()
  for (; next.done !== true; next = chunks.next()) await file.writeFile(next.value)
  return next.value
}

async function writeMembers(file: FileHandle, options: TraceOptions): Promise<Truth> {
  const chunks = generateTrace(options)
  const members: Promise<Buffer>[] = []
  let next = chunks.next()
  for (; next.done !== true; next = chunks.next()) {
    members.push(compress(next.value))
    if (members.length < MEMBERS_AT_ONCE) continue
    const first = await members.shift()
    if (first !== undefined) await file.writeFile(first)
  }
  for (const member of members) await file.writeFile(await member)
  return next.value
}
