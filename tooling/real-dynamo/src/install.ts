// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Release } from './releases.ts'

const run = promisify(execFile)
const scripts = join(import.meta.dirname, '../python')

/** One installed release. */
export interface Installation {
  readonly release: Release
  readonly python: string
  readonly modelFolder: string
}

/** Where environments are kept between runs. */
function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'dynamo-agent', 'real-dynamo')
}

/**
 * Installs a release from PyPI into a virtual environment of its own, unless
 * that stands already: about 80 s and 600 MB each. Several processes may ask
 * for the same release at once.
 *
 * @throws Error that says what to install where there is no Python; the signal's reason when that ends it.
 */
export async function installRelease(release: Release, signal?: AbortSignal): Promise<Installation> {
  const folder = join(cacheFolder(), release)
  const installation = {
    release,
    python: join(folder, 'bin', 'python'),
    modelFolder: join(folder, 'tiny-model'),
  }
  const ready = join(folder, 'ready')
  await mkdir(cacheFolder(), { recursive: true })
  signal?.throwIfAborted()
  const work = async () => {
    if (existsSync(ready)) return
    await rm(folder, { recursive: true, force: true })
    await makeVirtualEnvironment(folder, signal)
    await run(installation.python, [join(scripts, 'install.py'), release], { signal })
    await run(installation.python, [join(scripts, 'make_model.py'), installation.modelFolder], { signal })
    await writeFile(ready, '')
  }
  await withLock(`${folder}.lock`, { work, signal })
  return installation
}

async function makeVirtualEnvironment(folder: string, signal: AbortSignal | undefined): Promise<void> {
  try {
    await run('python3', ['-m', 'venv', folder], { signal })
  } catch (error) {
    signal?.throwIfAborted()
    const advice = 'install Python 3.10 or later with its venv module (Debian and Ubuntu: apt install python3-venv)'
    throw new Error(`python3 cannot make a virtual environment; ${advice}`, { cause: error })
  }
}

/** A lock folder older than this belongs to a process that died. */
const STALE_LOCK_MS = 15 * 60_000

interface Locked {
  readonly work: () => Promise<void>
  readonly signal: AbortSignal | undefined
}

async function withLock(lock: string, { work, signal }: Locked): Promise<void> {
  const deadline = Date.now() + STALE_LOCK_MS
  for (;;) {
    try {
      await mkdir(lock)
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (Date.now() > deadline) await rm(lock, { recursive: true, force: true })
      else await sleep(200, undefined, { signal })
    }
  }
  try {
    await work()
  } finally {
    await rm(lock, { recursive: true, force: true })
  }
}
