// SPDX-License-Identifier: Apache-2.0
import { releases, type Release } from '@dynamo-agent/real-dynamo'
import { bodyKeys, type BodyKey } from './body-keys.ts'
import type { ByRelease } from './by-release.ts'
import { differences } from './differences.ts'
import type { Case, Section } from './differences/cases.ts'

type Row = Case & { readonly expected: ByRelease<string> }

const sections: readonly Section<Row>[] = [
  differences.identity,
  differences.rowWriters,
  differences.toolEvents,
  ...differences.requests,
  ...differences.shapes,
]

/** `docs/compatibility.md`: what each release does, from the tables that it is held to. */
export function compatibilityPage(): string {
  return [
    '# What each release of Dynamo does',
    '',
    'Made from the tables in `tooling/contract/src` by `vitest run tooling/contract/test/compatibility.test.ts --update`.',
    'Every line is a test that runs against the released versions (frontend and mock workers, no GPU) and against',
    '`local-frontend`, which is held to 1.2.1 as generation 1.2 and to 1.6.1 as generation 1.3+.',
    '',
    '“same” is what the release to the left does. Of errors the message is shown, without “Failed to deserialize the',
    'JSON body into the target type” before it and the place after it. “no answer” is none within three seconds.',
    '',
    ...bodyKeyTable(),
    ...sections.flatMap(sectionTable),
    ...ownWays(),
  ].join('\n')
}

function bodyKeyTable(): string[] {
  const rows = Object.entries<BodyKey>(bodyKeys).map(([key, { accepted, sentBy }]) => {
    const cells = cellsOf(accepted, (yes) => (yes ? 'yes' : '**no**'))
    return row([code(key), sentBy.join(', '), ...cells])
  })
  return [
    '## Keys of the body',
    '',
    'Top-level keys of a chat completion, and whether a release takes them. To one that it does not take it answers 400.',
    '',
    row(['key', 'sent by', ...releases]),
    row(['---', '---', ...releases.map(() => '---')]),
    ...rows,
    '',
  ]
}

function sectionTable({ title, note, cases }: Section<Row>): string[] {
  return [
    `## ${title}`,
    '',
    note,
    '',
    row(['', ...releases]),
    row(['---', ...releases.map(() => '---')]),
    ...cases.map((one) => row([one.title, ...cellsOf(one.expected, shorten)])),
    '',
  ]
}

/** Where local-frontend does not do what its release does. */
function ownWays(): string[] {
  const rows = sections.flatMap(({ cases }) =>
    cases.flatMap(({ title, ours }) =>
      Object.entries(ours?.answers ?? {}).map(([name, text]) => row([title, name, shorten(text), ours?.why ?? ''])),
    ),
  )
  return [
    '## Where local-frontend differs on purpose',
    '',
    row(['', 'generation', 'answer', 'why']),
    row(['---', '---', '---', '---']),
    ...rows,
    '',
  ]
}

function cellsOf<Value>(values: ByRelease<Value>, show: (value: Value) => string): string[] {
  return releases.map((release, index) => {
    const before: Release | undefined = releases[index - 1]
    return before !== undefined && values[before] === values[release] ? 'same' : show(values[release])
  })
}

const LONGEST_CELL = 160

function shorten(text: string): string {
  const plain = text
    .replace('Failed to deserialize the JSON body into the target type: ', '')
    .replace('Failed to parse the request body as JSON: ', '')
    .replace(/ at line 1 column \d+$/, '')
  return code(plain.length > LONGEST_CELL ? `${plain.slice(0, LONGEST_CELL)}…` : plain)
}

function code(text: string): string {
  if (/^[\w ]+$/.test(text) && !text.includes('_')) return text
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
