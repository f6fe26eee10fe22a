// SPDX-License-Identifier: Apache-2.0
import { readFile, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { formatTable } from './format-table.ts'

/** A table of figures; the first row is the head. */
export type Figures = readonly (readonly string[])[]

const begin = '<!-- figures -->\n'
const end = '<!-- end of figures -->'

/** Prints tables and, where a page is named, puts them there in place of those that it has between its marks. */
export async function publishFigures(tables: readonly Figures[], page?: URL): Promise<void> {
  process.stdout.write(tables.map(formatTable).join('\n'))
  if (page === undefined) return
  const text = await readFile(page, 'utf8')
  await writeFile(page, withFigures(text, tables))
}

/** @throws Error when the page has no place for figures. */
export function withFigures(page: string, tables: readonly Figures[]): string {
  const from = page.indexOf(begin)
  const to = page.indexOf(end)
  if (from < 0 || to < from) throw new Error(`the page has no ${begin.trim()} … ${end}`)
  const machine = `Measured on ${availableParallelism()} cores, ${process.platform}, Node ${process.versions.node}:`
  return `${page.slice(0, from)}${begin}${[machine, ...tables.map(markdownTable)].join('\n\n')}\n${page.slice(to)}`
}

function markdownTable([head = [], ...rows]: Figures): string {
  const rule = head.map((_, column) => (column === 0 ? '---' : '--:'))
  return [head, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}
