// SPDX-License-Identifier: Apache-2.0
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cachedFolder } from './cached-folder.ts'
import { run } from './run.ts'

/**
 * Installs a release of Node from the npm registry, unless it stands already:
 * 120 MB.
 *
 * @returns The program `node`.
 */
export async function installNode(release: string): Promise<string> {
  const folder = await cachedFolder(`node-${release}`, async (filling) => {
    await writeFile(join(filling, 'package.json'), '{ "private": true }')
    // Its install script puts the program for this platform into place.
    const flags = ['--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline']
    await run('npm', ['install', '--prefix', filling, ...flags, `node@${release}`], filling)
  })
  return join(folder, 'node_modules/node/bin/node')
}
