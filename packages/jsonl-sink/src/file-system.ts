// SPDX-License-Identifier: Apache-2.0
import * as fs from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'

// Plain descriptors, because a FileHandle that is collected before it is
// closed makes Node warn on stderr.
const open = promisify(fs.open)
const close = promisify(fs.close)
const write = promisify(fs.write)

/** `a` appends to a file or makes it; `ax` makes it and fails when it exists. */
type AppendFlag = 'a' | 'ax'

/** Opens a file for appending and makes its folder when that is missing. */
export async function openForAppend(path: string, flag: AppendFlag): Promise<number> {
  try {
    return await open(path, flag)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
    await makeFolder(dirname(path))
    return open(path, flag)
  }
}

export function openForAppendSync(path: string, flag: AppendFlag): number {
  try {
    return fs.openSync(path, flag)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
    makeFolderSync(dirname(path))
    return fs.openSync(path, flag)
  }
}

/**
 * Makes missing folders one by one, because of a trap: where a file system
 * refuses a new folder with ENOENT, as /proc does, a `recursive` mkdir of
 * Node 24 never settles (measured), and rows would wait for ever.
 */
async function makeFolder(path: string): Promise<void> {
  try {
    await makeOneFolder(path)
  } catch (error) {
    const parent = dirname(path)
    if (systemCode(error) !== 'ENOENT' || parent === path) throw error
    await makeFolder(parent)
    await makeOneFolder(path)
  }
}

/** Another process may make the same folder at the same time. */
async function makeOneFolder(path: string): Promise<void> {
  try {
    await fs.promises.mkdir(path)
  } catch (error) {
    if (!isFolder(path)) throw error
  }
}

/** As makeFolder does. */
function makeFolderSync(path: string): void {
  try {
    makeOneFolderSync(path)
  } catch (error) {
    const parent = dirname(path)
    if (systemCode(error) !== 'ENOENT' || parent === path) throw error
    makeFolderSync(parent)
    makeOneFolderSync(path)
  }
}

function makeOneFolderSync(path: string): void {
  try {
    fs.mkdirSync(path)
  } catch (error) {
    if (!isFolder(path)) throw error
  }
}

function isFolder(path: string): boolean {
  try {
    return fs.statSync(path).isDirectory()
  } catch {
    return false
  }
}

/** Fails where no file can be made beside this one; missing folders are made, and no file is left. */
export async function probeFolderOf(path: string): Promise<void> {
  const probe = `${path}.${process.pid}.probe`
  await writeAndClose(await openForAppend(probe, 'a'), Buffer.alloc(0))
  // Another sink of this process may have removed it already.
  await fs.promises.rm(probe, { force: true })
}

/** Fails where a file cannot be appended to; one that does not exist is not made. */
export async function probeFile(path: string): Promise<void> {
  try {
    await close(await open(path, fs.constants.O_WRONLY | fs.constants.O_APPEND))
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
    await probeFolderOf(path)
  }
}

/** Writes everything, although one call may write less, and closes the file. */
export async function writeAndClose(fd: number, data: Buffer): Promise<void> {
  try {
    for (let offset = 0; offset < data.length; ) offset += (await write(fd, data, offset)).bytesWritten
  } finally {
    await close(fd)
  }
}

export function writeAndCloseSync(fd: number, data: Buffer): void {
  try {
    for (let offset = 0; offset < data.length; ) offset += fs.writeSync(fd, data, offset)
  } finally {
    fs.closeSync(fd)
  }
}

/** The code of a system error such as `ENOSPC`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
