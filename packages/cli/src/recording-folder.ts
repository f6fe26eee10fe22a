// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import { access, constants, mkdir, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/** The folder of one recording. */
export interface RecordingFolder {
  readonly tracePath: string
  readonly timelinePath: string
  /** Takes away what was made for a recording that came to nothing. A trace with rows in it stays. */
  discard(): Promise<void>
}

/**
 * Makes the folder that a recording goes to.
 *
 * @param path The folder that was asked for; without one, a new folder below
 * `dynamo-recordings` that is named after the time.
 * @throws DynamoAgentError `DYN_OUTPUT_UNWRITABLE`, also when the folder holds
 * a recording already: two runs in one trace cannot be told apart again.
 */
export async function openRecordingFolder(path: string | undefined, now: Date): Promise<RecordingFolder> {
  const folder = path ?? (await findNewName(join('dynamo-recordings', localTime(now))))
  const tracePath = join(folder, 'trace.jsonl')
  const timelinePath = join(folder, 'trace.pftrace')
  for (const file of [tracePath, timelinePath]) {
    if (!(await exists(file))) continue
    throw new DynamoAgentError({
      code: 'DYN_OUTPUT_UNWRITABLE',
      message: `${file} exists already`,
      advice: 'Give another folder with --output-dir, or leave it out for a new one each time.',
    })
  }
  const outermost = await makeFolder(folder)
  return {
    tracePath,
    timelinePath,
    async discard() {
      const trace = await stat(tracePath).catch(() => undefined)
      if (trace !== undefined && trace.size > 0) return
      await rm(tracePath, { force: true })
      if (outermost === undefined) return
      // From the inside out; a folder that somebody else came to use is not empty and stays.
      for (let inner = resolve(folder); inner.startsWith(outermost); inner = dirname(inner)) {
        await rmdir(inner).catch(() => undefined)
      }
    },
  }
}

/** @returns The outermost folder that had to be made, if any. */
async function makeFolder(folder: string): Promise<string | undefined> {
  try {
    const outermost = await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
    return outermost === undefined ? undefined : resolve(outermost)
  } catch (cause) {
    throw new DynamoAgentError({
      code: 'DYN_OUTPUT_UNWRITABLE',
      message: `cannot write to ${folder}`,
      advice: 'Give a folder that you may write to with --output-dir.',
      cause,
    })
  }
}

async function findNewName(base: string): Promise<string> {
  let name = base
  for (let number = 2; await exists(name); number++) name = `${base}-${number}`
  return name
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}

/** `2026-11-21T14-05-09`: sorts by time, and no shell or file system minds it. */
function localTime(date: Date): string {
  const parts = [
    date.getFullYear(),
    date.getMonth() + 1,
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
    date.getSeconds(),
  ]
  const [year, month, day, hour, minute, second] = parts.map((part) => String(part).padStart(2, '0'))
  return `${year}-${month}-${day}T${hour}-${minute}-${second}`
}
