// SPDX-License-Identifier: Apache-2.0
import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runProgram, sourceUrl } from './support.ts'

const folder = join(import.meta.dirname, '..')
const sources = globSync('src/**/*.ts', { cwd: folder }).map((path) => {
  const code = readFileSync(join(folder, path), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  return [relative('src', path), code] as const
})

test('core depends on zod alone', () => {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, object | undefined>
  expect(Object.keys(manifest.dependencies ?? {})).toEqual(['zod'])
  for (const field of ['peerDependencies', 'optionalDependencies', 'bundledDependencies'])
    expect(manifest).not.toHaveProperty(field)
})

describe.each(sources)('src/%s', (path, code) => {
  test('imports only its neighbours, async context, and zod in the schemas', () => {
    const imported = [...code.matchAll(/(?:from|import)\s*\(?\s*'([^'\n]+)'/g)].map(([, specifier = '']) => specifier)
    const allowed = path.endsWith('schemas.ts') ? ['zod'] : path === 'context/current.ts' ? ['node:async_hooks'] : []
    expect(imported.filter((specifier) => !/^\.\.?\//.test(specifier) && !allowed.includes(specifier))).toEqual([])
  })

  test('touches neither process, console, timers nor the network', () => {
    expect(code).not.toMatch(/\b(process|console|setTimeout|setInterval|setImmediate|fetch|require)\s*[.(]/)
  })

  test('begins with its licence', () => {
    const [first] = readFileSync(join(folder, 'src', path), 'utf8').split('\n', 1)
    expect(first).toBe('// SPDX-License-Identifier: Apache-2.0')
  })
})

describe('what is loaded at run time', () => {
  /** Imports a source file in a process of its own and lists every module outside core that this loads. */
  const loadedBy = (path: string) =>
    runProgram(`
      import { registerHooks } from 'node:module'
      const foreign = new Set()
      registerHooks({
        resolve(specifier, context, next) {
          if (!/^(file|\\.)/.test(specifier)) foreign.add(specifier)
          return next(specifier, context)
        },
      })
      await import(${JSON.stringify(sourceUrl(path))})
      console.log(JSON.stringify([...foreign]))
    `)

  test('the index loads no zod', async () => {
    expect(await loadedBy('index.ts')).toEqual(['node:async_hooks'])
  })

  test('the schemas do', async () => {
    expect(await loadedBy('trace/schemas.ts')).toEqual(['zod'])
  })
})
