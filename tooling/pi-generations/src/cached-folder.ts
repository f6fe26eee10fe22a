// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * A folder that is filled once on a machine. It is filled under another name
 * and then renamed, so that a process that dies leaves no half of it behind,
 * and of two that fill it at once one wins.
 */
export async function cachedFolder(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'dynamo-agent', 'pi')
  const folder = join(cache, name)
  if (existsSync(folder)) return folder
  await mkdir(cache, { recursive: true })
  const filling = await mkdtemp(`${folder}.`)
  try {
    await fill(filling)
    await rename(filling, folder)
  } catch (error) {
    await rm(filling, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
  return folder
}
