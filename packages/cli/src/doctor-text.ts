// SPDX-License-Identifier: Apache-2.0
import { stripVTControlCharacters, styleText } from 'node:util'
import type { Finding, Status } from './doctor/finding.ts'
import { formatCounted } from './format.ts'
import type { OutputStream } from './output.ts'

const styles: Readonly<Record<Status, Parameters<typeof styleText>[0]>> = {
  ok: 'green',
  FAIL: 'red',
  warn: 'yellow',
  skip: 'dim',
}

/** Characters of a line; a narrower terminal gets narrower lines, down to where no sentence fits. */
const maxWidth = 100
const minWidth = 60

/** How wide `ok    frontend        ` is. */
const seenIndent = ' '.repeat(22)
const meaningIndent = ' '.repeat(8)
const lineIndent = ' '.repeat(10)

/** Every finding with its label, what it means and what to type, and a last line that sums up. */
export function describeFindings(findings: readonly Finding[], stream: OutputStream): string {
  const width = Math.max(minWidth, Math.min(maxWidth, stream.columns ?? maxWidth))
  const seenWidth = stream.columns === undefined ? Infinity : width - seenIndent.length
  const own = findings.filter(({ blockedBy }) => blockedBy === undefined)
  const blocked = findings.filter(({ blockedBy }) => blockedBy !== undefined).map(({ check }) => check)
  return [
    ...own.flatMap((finding) => describeFinding(finding, { stream, width, seenWidth })),
    ...(blocked.length > 0 ? wrap(`Not checked because of that: ${blocked.join(', ')}`, width) : []),
    summarize(findings),
  ].join('\n')
}

interface Page {
  readonly stream: OutputStream
  readonly width: number
  /** Endless without a terminal: who searches the text finds what was seen in one line. */
  readonly seenWidth: number
}

function describeFinding({ check, status, seen, meaning, cures = [] }: Finding, { stream, width, seenWidth }: Page): string[] {
  const label = styleText(styles[status], status.padEnd(4), { stream })
  const [seenFirst = '', ...seenMore] = wrap(clean(seen), seenWidth)
  const [first, ...others] = cures
  const explanation = [meaning, first?.instruction].filter((text) => text !== undefined).join(' ')
  const block = (text: string, lines: readonly string[] = []) => [
    ...wrap(clean(text), width - meaningIndent.length).map((line) => meaningIndent + line),
    ...lines.map((line) => lineIndent + clean(line)),
  ]
  return [
    `${label}  ${check.padEnd(14)}  ${seenFirst}`,
    ...seenMore.map((line) => seenIndent + line),
    ...(explanation === '' ? [] : block(explanation, first?.lines)),
    ...others.flatMap(({ instruction, lines }) => block(instruction, lines)),
  ]
}

/** `1 problem. Without it mended, timelines show LLM requests but no tools.` */
function summarize(findings: readonly Finding[]): string {
  const [problems, warnings, skipped] = [countFindings(findings, 'FAIL'), countFindings(findings, 'warn'), countFindings(findings, 'skip')]
  const first = findings.find(({ status }) => status === 'FAIL')
  if (first === undefined) {
    const also = [
      ...(warnings > 0 ? [formatCounted(warnings, 'warning')] : []),
      ...(skipped > 0 ? [`${formatCounted(skipped, 'check')} skipped`] : []),
    ]
    return [`No problem${also.length > 0 ? '; ' : ''}`, also.join(', '), '.'].join('')
  }
  const lead = problems === 1 ? '1 problem. Without it mended,' : `${problems} problems. Without the first one mended,`
  return `${lead} ${first.consequence ?? 'something does not work'}.`
}

/** How many findings have this status. */
export function countFindings(findings: readonly Finding[], status: Status): number {
  return findings.filter((finding) => finding.status === status).length
}

/** Servers and files name models, sessions and errors; none of them gets to steer a terminal. */
export function clean(text: string): string {
  // eslint-disable-next-line no-control-regex -- Control characters are what is looked for.
  return stripVTControlCharacters(text).replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
}

function wrap(text: string, limit: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last !== '' && last.length + 1 + word.length > limit) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines
}
