// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { convertTrace, type ConvertTraceOptions, type ConvertTraceResult } from '../../src/index.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** Lines of files by their names. */
export type Files = Readonly<Record<string, readonly string[]>>

export interface Converted extends ConvertTraceResult {
  readonly folder: string
}

/** Converts a folder of these files, unless the options name other inputs. */
export async function convert(given: Files, options: Partial<ConvertTraceOptions> = {}): Promise<Converted> {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'in'))
  for (const [name, lines] of Object.entries(given)) writeFileSync(join(folder, 'in', name), `${lines.join('\n')}\n`)
  const result = await convertTrace({ inputs: [join(folder, 'in')], output: join(folder, 'out'), ...options })
  return { ...result, folder }
}
