// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const scope = '@dynamo-agent/'
const packages = join(import.meta.dirname, '../../../packages')

/**
 * What each package may depend on at run time, as ARCHITECTURE.md has it.
 * `turbo boundaries` counts development dependencies too, so it must allow
 * what tests use; this holds what is shipped.
 */
const arrows: Readonly<Record<string, readonly string[]>> = {
  cli: ['client', 'core', 'local-frontend', 'trace-tools', 'transport-zmq'],
  client: ['core'],
  core: [],
  'jsonl-sink': ['core'],
  'local-frontend': ['core', 'jsonl-sink', 'transport-zmq'],
  'provider-ai-sdk': ['client', 'core', 'jsonl-sink'],
  'provider-pi': ['client', 'core', 'jsonl-sink', 'transport-zmq'],
  'trace-tools': ['core'],
  'transport-zmq': ['core'],
}

test('every package has its arrows', () => {
  expect(readdirSync(packages).sort()).toEqual(Object.keys(arrows))
})

test.each(Object.entries(arrows))('%s depends at run time on %j alone', (name, allowed) => {
  const folder = join(packages, name)
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>
    peerDependencies?: Record<string, string>
  }
  const dependencies = Object.keys(manifest.dependencies ?? {}).filter((dependency) => dependency.startsWith(scope))
  expect(dependencies.filter((dependency) => !allowed.includes(dependency.slice(scope.length)))).toEqual([])

  const available = [...dependencies, ...Object.keys(manifest.peerDependencies ?? {})]
  const sources = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })
  const imported = sources
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => readFileSync(join(folder, 'src', file), 'utf8').match(/(?<=from ')@dynamo-agent\/[^/']+/g) ?? [])
  expect(imported.filter((dependency) => !available.includes(dependency))).toEqual([])
})
