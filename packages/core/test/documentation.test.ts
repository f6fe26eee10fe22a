// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { environmentVariables } from '../src/index.ts'

const docs = join(import.meta.dirname, '../../../docs')

test('docs/environment.md is the table of environment variables', async () => {
  const rows = environmentVariables.map(({ name, aliases, defaultText, meaning }) => {
    const names = [`\`${name}\``, ...aliases.map((alias) => `else \`${alias}\``)].join('<br>')
    return `| ${names} | ${defaultText} | ${meaning} |`
  })
  const page = [
    '# Environment variables',
    '',
    'Made from the table in `packages/core/src/environment.ts` by `vitest run packages/core/test/documentation.test.ts --update`.',
    'An empty variable counts as unset. A value that cannot be used is reported and its default holds.',
    '',
    '| variable | default | meaning |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n')
  await expect(page).toMatchFileSnapshot(join(docs, 'environment.md'))
})

test('docs/errors.md explains every error code, and no other', () => {
  const codes = readFileSync(join(import.meta.dirname, '../src/errors.ts'), 'utf8').match(/(?<=\| ')DYN_[A-Z_]+/g)
  const explained = readFileSync(join(docs, 'errors.md'), 'utf8').match(/(?<=^\| `)DYN_[A-Z_]+/gm)
  expect(explained?.toSorted()).toEqual(codes?.toSorted())
})
