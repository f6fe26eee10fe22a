// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A model that asks for one addition and then says the sum. */
const addingScript = { turns: [{ toolCalls: [{ name: 'add', arguments: { a: 2, b: 3 } }] }, 'The sum is 5.'] }

/** Writes a script file. @returns Its path. */
export function writeScript(folder: string, script: object = addingScript): string {
  const path = join(folder, 'script.json')
  writeFileSync(path, JSON.stringify(script, null, 2))
  return path
}
