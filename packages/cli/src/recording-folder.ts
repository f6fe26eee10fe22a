// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import { makeFolder } from '@dynamo-agent/trace-tools'
import { access, mkdir, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/** Where recordings go that were given no folder. */
const recordings = 'dynamo-recordings'

/** The folder of one recording. */
export interface RecordingFolder {
  readonly tracePath: string
  readonly timelinePath: string
  /** Takes away what was made for a recording that came to nothing. A trace with rows in it stays. */
  discard(): Promise<void>
}

/**
 * Makes the folder that a recording goes to, and claims it: of two recordings
 * that begin at the same time, only one gets it.
 *
 * @param path The folder that was asked for; without one, a new folder below
 * `dynamo-recordings` that is named after the time.
 * @throws DynamoAgentError `DYN_OUTPUT_UNWRITABLE`, also when the folder holds
 * a recording already: two runs in one trace cannot be told apart again.
 */
export async function openRecordingFolder(path: string | undefined, now: Date): Promise<RecordingFolder> {
  const missing = await findOutermostMissing(resolve(path ?? recordings))
  const folder = path ?? (await makeNewFolder(join(recordings, localTime(now))))
  const outermost = missing ?? (path === undefined ? resolve(folder) : undefined)
  const tracePath = join(folder, 'trace.jsonl')
  const timelinePath = join(folder, 'trace.pftrace')
  if (await exists(timelinePath)) throw existsAlready(timelinePath)
  await claim(tracePath)
  return {
    tracePath,
    timelinePath,
    async discard() {
      const trace = await stat(tracePath).catch(() => undefined)
      if (trace !== undefined && trace.size > 0) return
      await rm(tracePath, { force: true })
      if (outermost === undefined) return
      // From the inside out; a folder that somebody else came to use is not empty and stays.
      for (let inner = resolve(folder); inner.length >= outermost.length; inner = dirname(inner)) {
        await rmdir(inner).catch(() => undefined)
      }
    },
  }
}

/** Makes a folder that was not there: under its name, or with a number behind it. @returns Its path. */
async function makeNewFolder(base: string): Promise<string> {
  for (let number = 1; ; number++) {
    const folder = number === 1 ? base : `${base}-${number}`
    try {
      await makeFolder(dirname(folder))
      await mkdir(folder)
      return folder
    } catch (cause) {
      // Somebody was quicker: with this folder, or with taking away the one around it.
      if (isSystemError(cause, 'EEXIST') || isSystemError(cause, 'ENOENT')) continue
      throw cannotWrite(folder, cause)
    }
  }
}

/** Makes the file of the trace, and the folders that lead to it. */
async function claim(tracePath: string): Promise<void> {
  const folder = dirname(tracePath)
  try {
    await makeFolder(folder)
    await writeFile(tracePath, '', { flag: 'wx' })
  } catch (cause) {
    throw isSystemError(cause, 'EEXIST') ? existsAlready(tracePath) : cannotWrite(folder, cause)
  }
}

/** The outermost folder on the way that is not there yet; undefined when all are. */
async function findOutermostMissing(folder: string): Promise<string | undefined> {
  let outermost: string | undefined
  for (let path = folder; !(await exists(path)) && path !== dirname(path); path = dirname(path)) outermost = path
  return outermost
}

function existsAlready(file: string): DynamoAgentError {
  return new DynamoAgentError({
    code: 'DYN_OUTPUT_UNWRITABLE',
    message: `${file} exists already`,
    advice: 'Give another folder with --output-dir, or leave it out for a new one each time.',
  })
}

function cannotWrite(folder: string, cause: unknown): DynamoAgentError {
  return new DynamoAgentError({
    code: 'DYN_OUTPUT_UNWRITABLE',
    message: `cannot write to ${folder}`,
    advice: 'Give a folder that you may write to with --output-dir.',
    cause: DynamoAgentError.isInstance(cause) ? cause.cause : cause,
  })
}

function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
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
