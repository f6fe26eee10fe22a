// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PiExtensions } from './pi-install.ts'

/** As source, which Pi compiles itself, wherever this file has been built to. */
const subagentExtension = fileURLToPath(new URL('../src/subagent-extension.ts', import.meta.url))

/** A settings folder for Pi that goes away with the run. */
export interface PiHome extends AsyncDisposable {
  readonly folder: string
}

/**
 * Sets Pi up as its user would: with our extension installed as a package, so
 * that subagents, which are Pis of their own, have it without being told.
 *
 * @param provider Our extension.
 */
export async function createPiHome(provider: PiExtensions): Promise<PiHome> {
  const folder = await mkdtemp(join(tmpdir(), 'dynamo-agent-pi-'))
  const settings = { ...provider, extensions: [...(provider.extensions ?? []), subagentExtension] }
  await writeFile(join(folder, 'settings.json'), JSON.stringify(settings))
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
