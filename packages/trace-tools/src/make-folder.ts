// SPDX-License-Identifier: Apache-2.0
import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { unwritable } from './unwritable.ts'

/**
 * Makes a folder and those above it that are missing; a folder that exists is
 * left as it is.
 *
 * One by one, because of a trap: where a file system refuses a new folder with
 * ENOENT, as /proc does, `fs.promises.mkdir(path, { recursive: true })` of
 * Node 24 never settles (measured), and the process hangs.
 *
 * @throws DynamoAgentError `DYN_OUTPUT_UNWRITABLE`
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeWithParents(path)
  } catch (cause) {
    const advice = 'Name another place, in a folder that you may write to.'
    throw unwritable({ what: `cannot make the folder ${path}`, advice, cause })
  }
}

async function makeWithParents(path: string): Promise<void> {
  try {
    await makeOne(path)
  } catch (error) {
    const parent = dirname(path)
    if (!isMissing(error) || parent === path) throw error
    await makeWithParents(parent)
    await makeOne(path)
  }
}

/** Another process may make the same folder at the same time. */
async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    const existing = await stat(path).catch(() => undefined)
    if (existing?.isDirectory() !== true) throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
