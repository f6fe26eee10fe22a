// SPDX-License-Identifier: Apache-2.0
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cachedFolder } from './cached-folder.ts'
import { packageOf, type PiRelease } from './releases.ts'
import { npmInstall, run } from './run.ts'

/**
 * Installs a release of Pi from the npm registry, unless it stands already:
 * up to 200 MB and a minute each.
 *
 * @returns The program behind `pi`, to be run with Node.
 */
export async function installPi(release: PiRelease): Promise<string> {
  const { name, program, beside } = packageOf(release)
  const folder = await cachedFolder(release, async (filling) => {
    await writeFile(join(filling, 'package.json'), '{ "private": true }')
    if (beside === undefined) {
      await npmInstall(filling, [`${name}@${release}`])
      return
    }
    await npmInstall(filling, beside)
    await unpack(`${name}@${release}`, filling, join(filling, 'node_modules', name))
  })
  return join(folder, 'node_modules', name, program)
}

/**
 * Installs another package for Pi from the npm registry, without the Pi that it asks for.
 *
 * @returns Its folder, for `pi install <folder>`.
 */
export async function installPiPackage(name: string, version: string): Promise<string> {
  const folder = await cachedFolder(`${name}-${version}`, async (filling) => {
    await writeFile(join(filling, 'package.json'), '{ "private": true }')
    await npmInstall(filling, [`${name}@${version}`])
  })
  return join(folder, 'node_modules', name)
}

async function unpack(spec: string, scratch: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true })
  await run('npm', ['pack', spec, '--pack-destination', scratch], scratch)
  const tarball = (await readdir(scratch)).find((file) => file.endsWith('.tgz')) ?? ''
  await run('tar', ['xzf', tarball, '--strip-components=1', '-C', target], scratch)
  await rm(join(scratch, tarball))
}
