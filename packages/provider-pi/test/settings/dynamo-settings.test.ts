// SPDX-License-Identifier: Apache-2.0
import type { Environment } from '@dynamo-agent/core'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { piSettingsFiles, readDynamoSettings, readWithSettings } from '../../src/settings/dynamo-settings.ts'

/** Writes settings files and reads what they say of Dynamo. */
async function settingsOf(...files: readonly (string | object)[]) {
  const folder = await mkdtemp(join(tmpdir(), 'provider-pi-settings-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const paths = files.map((_, index) => join(folder, `${index}.json`))
  for (const [index, content] of files.entries()) {
    await writeFile(paths[index] ?? '', typeof content === 'string' ? content : JSON.stringify(content))
  }
  const { problems, ...settings } = readDynamoSettings(paths)
  return { ...settings, problems: problems.map(({ setting, problem }) => `${setting} ${problem}`) }
}

const nothing = { variables: {}, models: {}, problems: [] }

describe('the section `dynamo` of settings files', () => {
  it('stands for variables', async () => {
    const dynamo = { priority: 3, priorityPolicy: 'subagents', strictPriority: 1, osl: 'auto', speculativePrefill: true }
    expect(await settingsOf({ theme: 'dark', dynamo })).toEqual({
      ...nothing,
      variables: {
        DYN_AGENT_PRIORITY: '3',
        DYN_AGENT_PRIORITY_POLICY: 'subagents',
        DYN_AGENT_STRICT_PRIORITY: '1',
        DYN_AGENT_OSL: 'auto',
        DYN_AGENT_SPECULATIVE_PREFILL: 'true',
      },
    })
  })

  it('goes before that of an earlier file, setting by setting and model by model', async () => {
    const user = { priority: 3, osl: 100, models: { a: { contextWindow: 1000, reasoning: true }, b: { maxTokens: 5 } } }
    const project = { priority: 4, models: { a: { contextWindow: 2000 } } }
    expect(await settingsOf({ dynamo: user }, { dynamo: project })).toEqual({
      ...nothing,
      variables: { DYN_AGENT_PRIORITY: '4', DYN_AGENT_OSL: '100' },
      models: { a: { contextWindow: 2000, reasoning: true }, b: { maxTokens: 5 } },
    })
  })

  it.each<[string, string | object]>([
    ['no such section', { theme: 'dark' }],
    ['an empty one', { dynamo: {} }],
    ['no settings at all', 'null'],
  ])('says nothing in a file with %s', async (_what, file) => {
    expect(await settingsOf(file)).toEqual(nothing)
  })

  it('says nothing where there is no file', () => {
    expect(readDynamoSettings([join(tmpdir(), 'provider-pi-nowhere', 'settings.json')])).toEqual(nothing)
  })

  it('is a problem where there is something else than a file', () => {
    const { problems } = readDynamoSettings([tmpdir()])
    expect(problems).toEqual([{ file: tmpdir(), setting: 'dynamo', problem: 'cannot be read: EISDIR' }])
  })

  const names = 'priority, priorityPolicy, strictPriority, osl, speculativePrefill, models'
  const modelNames = 'name, contextWindow, maxTokens, reasoning, input, cost, compat'
  it.each<[string | object, string]>([
    ['{ "dynamo": ', 'dynamo cannot be read: the file is not JSON'],
    [{ dynamo: [] }, 'dynamo is no section of settings'],
    [{ dynamo: { priorty: 3 } }, `dynamo.priorty is none of the settings ${names}`],
    [{ dynamo: { baseUrl: 'http://elsewhere' } }, `dynamo.baseUrl is none of the settings ${names}`],
    [{ dynamo: { priority: 'high' } }, 'dynamo.priority is not a whole number: high'],
    [{ dynamo: { priority: { a: 1 } } }, 'dynamo.priority is not a whole number: {"a":1}'],
    [{ dynamo: { models: [] } }, 'dynamo.models is no section of model ids'],
    [{ dynamo: { models: { m: 5 } } }, 'dynamo.models.m is no section of settings'],
    [{ dynamo: { models: { m: { size: 5 } } } }, `dynamo.models.m.size is none of the settings ${modelNames}`],
    [{ dynamo: { models: { m: { contextWindow: 1.5 } } } }, 'dynamo.models.m.contextWindow is not a whole number of tokens'],
    [{ dynamo: { models: { m: { reasoning: 'yes' } } } }, 'dynamo.models.m.reasoning is not true or false'],
    [{ dynamo: { models: { m: { input: ['sound'] } } } }, 'dynamo.models.m.input is not a list of text and image'],
    [
      { dynamo: { models: { m: { cost: { input: 1 } } } } },
      'dynamo.models.m.cost is not the prices input, output, cacheRead and cacheWrite of a million tokens',
    ],
  ])('tells what is wrong with %j', async (file, problem) => {
    const { problems, variables } = await settingsOf(file)
    expect({ problems, variables }).toEqual({ problems: [problem], variables: {} })
  })

  it('holds where one of its settings does not', async () => {
    const dynamo = { priority: 'high', osl: 50, models: { m: { reasoning: 1, maxTokens: 9 } } }
    expect(await settingsOf({ dynamo })).toMatchObject({ variables: { DYN_AGENT_OSL: '50' }, models: { m: { maxTokens: 9 } } })
  })
})

it('is what the README shows', async () => {
  const readme = await readFile(join(import.meta.dirname, '../../README.md'), 'utf8')
  const [, example = ''] = /```json\n([^]*?)```/.exec(readme) ?? []
  const { variables, models, problems } = await settingsOf(example)
  expect(problems).toEqual([])
  expect([Object.keys(variables).length, Object.keys(models)]).toEqual([5, ['org/model']])
})

it.each<[string, Environment, object]>([
  ['stands where the environment says nothing', { DYN_AGENT_PRIORITY: '' }, { hints: { priority: 3 }, problems: [] }],
  ['stands back where it says something', { DYN_AGENT_PRIORITY: '5' }, { hints: { priority: 5 }, problems: [] }],
  [
    'stands where what it says cannot be used',
    { DYN_AGENT_PRIORITY: 'high' },
    { hints: { priority: 3 }, problems: [{ variable: 'DYN_AGENT_PRIORITY', value: 'high' }] },
  ],
])('%s', (_what, environment, settings) => {
  const dynamo = { ...nothing, variables: { DYN_AGENT_PRIORITY: '3' } }
  expect(readWithSettings(environment, dynamo)).toMatchObject(settings)
})

it.each([
  [{ PI_CODING_AGENT_DIR: '/agent' }, '/agent/settings.json'],
  [{ PI_CODING_AGENT_DIR: '~/agent' }, join(homedir(), 'agent/settings.json')],
  [{}, join(homedir(), '.pi/agent/settings.json')],
])('stands in the files that Pi reads: %j', (environment, file) => {
  expect(piSettingsFiles(environment, '/project')).toEqual([file, '/project/.pi/settings.json'])
})
