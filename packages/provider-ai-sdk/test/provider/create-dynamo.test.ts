// SPDX-License-Identifier: Apache-2.0
import { NoSuchModelError } from '@ai-sdk/provider'
import { generateText } from 'ai'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createDynamo, dynamo, VERSION } from '../../src/index.ts'
import { ask } from '../helpers/ask.ts'
import { setStage } from '../helpers/stage.ts'

const prompt = 'Hi'

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('a provider', () => {
  it.each([
    ['itself', dynamo('m'), 'dynamo.chat'],
    ['languageModel', dynamo.languageModel('m'), 'dynamo.chat'],
    ['chat', dynamo.chat('m'), 'dynamo.chat'],
    ['completion', dynamo.completion('m'), 'dynamo.completion'],
    ['embeddingModel', dynamo.embeddingModel('m'), 'dynamo.embedding'],
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- ai@6 still asks for it.
    ['textEmbeddingModel', dynamo.textEmbeddingModel('m'), 'dynamo.embedding'],
  ])('makes a model by %s', (_by, model, provider) => {
    expect(model).toMatchObject({ specificationVersion: 'v3', modelId: 'm', provider })
  })

  it('has no image models', () => {
    expect(() => dynamo.imageModel('m')).toThrow(NoSuchModelError)
  })

  it('has the version of its package', () => {
    const manifest = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')
    expect(JSON.parse(manifest)).toMatchObject({ version: VERSION })
  })
})

describe('settings', () => {
  it('that are left out come from the environment, as it is at the first call', async () => {
    await using stage = await setStage(['Hello.'], { apiKey: 'secret' })
    const model = createDynamo()('scripted')
    vi.stubEnv('DYNAMO_BASE_URL', stage.baseURL)
    vi.stubEnv('DYNAMO_API_KEY', 'secret')
    expect((await generateText({ model, prompt })).text).toBe('Hello.')
  })

  it('win over the environment', async () => {
    vi.stubEnv('DYNAMO_BASE_URL', 'http://127.0.0.1:9')
    vi.stubEnv('DYNAMO_API_KEY', 'another')
    await using stage = await setStage(['Hello.'], { apiKey: 'secret' })
    const { headers } = await ask(stage, { settings: { apiKey: 'secret', headers: { 'X-Team': 'search' } } })
    expect(headers).toMatchObject({ authorization: 'Bearer secret', 'x-team': 'search' })
  })

  it('may hold a bare host', async () => {
    await using stage = await setStage(['Hello.'])
    const { path } = await ask(stage, { settings: { baseURL: new URL(stage.baseURL).host } })
    expect(path).toBe('/v1/chat/completions')
  })

  it('of headers win over the key, in any letter case, and lose to those of a call', async () => {
    await using stage = await setStage(['Hello.'])
    const settings = { headers: { Authorization: 'Basic a', 'X-Team': 'search' } }
    const { headers } = await ask(stage, { settings, headers: { 'x-team': 'chat' } })
    expect(headers).toMatchObject({ authorization: 'Basic a', 'x-team': 'chat' })
  })

  it.each<[string, object, string]>([
    ['an address that is none', { baseURL: 'ftp://somewhere' }, 'is not an http address'],
    ['a key of two lines', { apiKey: 'secret\nsecond' }, 'apiKey holds a character that cannot travel in a header'],
    ['a header of two lines', { headers: { 'x-a': 'secret\nsecond' } }, 'the header "x-a" holds a character that cannot travel in a header'],
  ])('with %s are told of by the first call, without the key', async (_what, settings, message) => {
    const model = createDynamo(settings)('scripted')
    const error: unknown = await generateText({ model, prompt, maxRetries: 0 }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'DYN_INVALID_OPTION', message: expect.stringContaining(message) as string })
    expect(String(error)).not.toContain('secret')
  })
})

it('requests tell which package made them', async () => {
  await using stage = await setStage(['Hello.'])
  const { headers } = await ask(stage)
  expect(headers['user-agent']).toMatch(new RegExp(`^ai/7\\S* dynamo-agent/provider-ai-sdk/${VERSION} `))
})
