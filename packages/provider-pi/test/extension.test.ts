// SPDX-License-Identifier: Apache-2.0
import { parseScript, startLocalFrontend, type LocalFrontend } from '@dynamo-agent/local-frontend'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createDynamoExtension } from '../src/extension.ts'
import type { PiHost, PiProvider } from '../src/pi/host.ts'

let frontend: LocalFrontend
beforeAll(async () => {
  frontend = await startLocalFrontend({ model: { script: parseScript('{"turns":["Done."]}', 'test') } })
})
afterAll(() => frontend.close())

/** The ids of the models that Pi is offered; undefined where it is offered no provider. */
async function offered(variables: object, files: Readonly<Record<string, object>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'provider-pi-extension-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), JSON.stringify(content))
  const environment = { DYNAMO_BASE_URL: frontend.baseUrl, PI_CODING_AGENT_DIR: folder, ...variables }
  let provider: PiProvider | undefined
  const pi = { registerProvider: (_name: string, config: PiProvider) => (provider = config) }
  await createDynamoExtension({ environment, streamSimple: () => undefined })(pi as unknown as PiHost)
  return provider?.models.map(({ id }) => id)
}

describe('an extension that is switched off', () => {
  const off = { DYN_AGENT_DISABLE: '1' }

  it('offers what Dynamo lists', async () => {
    expect(await offered(off)).toEqual(['scripted'])
  })

  it('offers the models that the environment names, and does not ask for others', async () => {
    expect(await offered({ ...off, DYNAMO_MODELS: 'one, two' })).toEqual(['one', 'two'])
  })

  it('offers the models that the settings describe, and does not ask for others', async () => {
    const settings = { dynamo: { models: { three: { contextWindow: 1000 } } } }
    expect(await offered(off, { 'settings.json': settings })).toEqual(['three'])
  })

  it('leaves the models alone that Pi has from its own models.json', async () => {
    const models = { providers: { dynamo: { models: [{ id: 'four' }] } } }
    expect(await offered(off, { 'models.json': models })).toBeUndefined()
  })

  it.each([
    ['another provider', { providers: { local: { models: [{ id: 'four' }] } } }],
    ['no model of the provider', { providers: { dynamo: { baseUrl: 'http://127.0.0.1:9/v1' } } }],
    ['nothing', {}],
    ['something else', { providers: null }],
  ])('offers what Dynamo lists where models.json has %s', async (_what, models) => {
    expect(await offered(off, { 'models.json': models })).toEqual(['scripted'])
  })
})
