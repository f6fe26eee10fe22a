// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cachedFolder } from './cached-folder.ts'
import { npmInstall, run } from './run.ts'

const packages = join(import.meta.dirname, '../../../packages')
/** The extension and what it needs of this repository, each after what it needs itself. */
const packed = ['core', 'client', 'jsonl-sink', 'transport-zmq', 'provider-pi']

/**
 * Builds and packs the extension, and installs the tarballs with their
 * dependencies from the registry, as `pi install npm:…` would. Once for each
 * state of the sources.
 *
 * @returns The folder of the installed package, for `pi install <folder>`.
 */
export async function installExtension(): Promise<string> {
  const folder = await cachedFolder(`extension-${hashSources()}`, async (filling) => {
    const tarballs = join(filling, 'tarballs')
    await mkdir(tarballs)
    await writeFile(join(filling, 'package.json'), '{ "private": true }')
    for (const name of packed) {
      const source = join(packages, name)
      await run('npx', ['-y', 'pnpm@12', 'run', 'build'], source)
      await run('npx', ['-y', 'pnpm@12', 'pack', '--pack-destination', tarballs], source)
    }
    await npmInstall(filling, (await readdir(tarballs)).map((file) => join(tarballs, file)))
  })
  return join(folder, 'node_modules/@dynamo-agent/provider-pi')
}

function hashSources(): string {
  const files = globSync(
    packed.flatMap((name) => [`${name}/src/**/*.ts`, `${name}/package.json`, `${name}/rolldown.config.js`]),
    { cwd: packages },
  ).sort()
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(join(packages, file)))
  return hash.digest('hex').slice(0, 16)
}
