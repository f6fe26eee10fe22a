// SPDX-License-Identifier: Apache-2.0
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemCode } from './file-system.ts'

const LINE_FEED = 0x0a

/** Longer than the system takes from the first page of a write to the next. */
const WRITE_IN_PROGRESS_MS = 20

/**
 * Makes a log that processes share ready for the next append: a line that a
 * killed process or a full disk left unfinished is ended, so that it costs
 * only itself, and a file that is large enough is set aside. What is no
 * regular file, such as a pipe, is left as it is.
 */
export async function prepareLogFile(path: string, rotateBytes: number): Promise<void> {
  const bytes = await sizeOfFile(path)
  if (bytes === 0) return
  await endLastLine(path)
  if (bytes >= rotateBytes) await setAside(path, rotateBytes)
}

/** 0 where there is no regular file. */
async function sizeOfFile(path: string): Promise<number> {
  try {
    const file = await stat(path)
    return file.isFile() ? file.size : 0
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 0
    throw error
  }
}

/**
 * A write of another process can be seen when it is half done (measured on
 * ext4), so a line counts as unfinished only if it stays so.
 */
async function endLastLine(path: string): Promise<void> {
  const file = await open(path, 'a+')
  try {
    const bytes = await findUnfinished(file)
    if (bytes === undefined) return
    await sleep(WRITE_IN_PROGRESS_MS)
    if ((await findUnfinished(file)) === bytes) await file.write('\n')
  } finally {
    await file.close()
  }
}

/** The size of a file whose last line has no end. */
async function findUnfinished(file: FileHandle): Promise<number | undefined> {
  const { size } = await file.stat()
  const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(1), position: size - 1 })
  return bytesRead === 1 && buffer[0] !== LINE_FEED ? size : undefined
}

/**
 * Renames `log.jsonl` to `log.000000.jsonl`, or the first number that is free.
 *
 * Another process may be doing the same. The number is taken by making its
 * file exclusively, so neither renames over what the other has set aside; the
 * one that comes second finds no file, or a short one, and gives its number
 * back. A write that is under way goes on in the renamed file.
 */
async function setAside(path: string, rotateBytes: number): Promise<void> {
  const target = await takeNumber(path)
  try {
    if ((await sizeOfFile(path)) >= rotateBytes) {
      await rename(path, target)
      return
    }
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') {
      await rm(target, { force: true })
      throw error
    }
  }
  await rm(target, { force: true })
}

async function takeNumber(path: string): Promise<string> {
  const prefix = path.replace(/\.jsonl$/, '')
  for (let number = 0; ; number++) {
    const target = `${prefix}.${number.toString().padStart(6, '0')}.jsonl`
    try {
      const file = await open(target, 'wx')
      await file.close()
      return target
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error
    }
  }
}
