// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runProgram } from './support.ts'

interface Manifest {
  readonly exports: Readonly<Record<string, { readonly default: string } | string>>
}
const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as Manifest
const entries = Object.entries(manifest.exports).flatMap(([entry, target]) =>
  typeof target === 'string' ? [] : [[entry, target.default] as const],
)

/** Every package that is loaded with a source file of this one. */
async function packagesLoadedBy(file: string): Promise<unknown> {
  const { stdout } = await runProgram(`
    import { registerHooks } from 'node:module'
    const packages = new Set()
    registerHooks({
      resolve(specifier, context, next) {
        const resolved = next(specifier, context)
        if (/^[@a-z]/.test(specifier) && !/^(node|file|data):/.test(specifier)) packages.add(specifier)
        return resolved
      },
    })
    await import(new URL(${JSON.stringify(join('..', file))}, client))
    console.log(JSON.stringify([...packages].filter((name) => /^(undici|@dynamo-agent)/.test(name)).sort()))
  `)
  return JSON.parse(stdout)
}

test.each(entries)('%s loads undici only where it makes connections of its own', async (entry, file) => {
  const packages = entry === '.' ? ['@dynamo-agent/core', 'undici'] : ['@dynamo-agent/core']
  expect(await packagesLoadedBy(file)).toEqual(packages)
})
