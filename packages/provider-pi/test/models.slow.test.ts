// SPDX-License-Identifier: Apache-2.0
import { installExtension, installPi, piReleases } from '@dynamo-agent/pi-generations'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { setStage } from './helpers/stage.ts'

let extension = ''
beforeAll(async () => {
  extension = await installExtension()
}, 300_000)

interface RpcLine {
  readonly command?: string
  readonly data?: { readonly models?: readonly { readonly provider: string; readonly id: string }[]; readonly model?: object }
}

/** What Pi answered to a command, the last answer first. */
function answersTo(command: string, stdout: string): readonly NonNullable<RpcLine['data']>[] {
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'))
  return lines
    .map((line) => JSON.parse(line) as RpcLine)
    .flatMap((line) => (line.command === command && line.data !== undefined ? [line.data] : []))
    .toReversed()
}

describe.each(piReleases)('Pi %s', { timeout: 120_000 }, (release) => {
  let program = ''
  beforeAll(async () => {
    program = await installPi(release)
  }, 300_000)

  it('finds the models of a Dynamo that starts after it, and describes them as the settings say', async () => {
    await using before = await setStage(['Done.'], { pi: { program, install: [extension] } })
    const { baseUrl } = before.frontend
    await before.frontend.close()
    const file = join(before.pi.home, 'settings.json')
    const dynamo = { models: { scripted: { contextWindow: 54_321, maxTokens: 1234 } } }
    await writeFile(file, JSON.stringify({ ...(JSON.parse(await readFile(file, 'utf8')) as object), dynamo }))

    const environment = { ...before.environment, DYNAMO_BASE_URL: baseUrl, DYNAMO_MODELS: 'another' }
    const pi = before.pi.startRpc(['--model', 'dynamo/another'], environment)
    pi.send({ type: 'get_available_models' })
    await pi.heard('"command":"get_available_models"')
    await using stage = await setStage(['Done.'], { port: Number(new URL(baseUrl).port) })
    pi.send({ type: 'prompt', message: '/dynamo' })
    await pi.heard('"method":"notify"')
    pi.send({ type: 'get_available_models' })
    await pi.heard('"command":"get_available_models"', 2)
    pi.send({ type: 'set_model', provider: 'dynamo', modelId: 'scripted' })
    await pi.heard('"command":"set_model"')
    pi.send({ type: 'get_state' })
    await pi.heard('"command":"get_state"')
    pi.send({ type: 'prompt', message: 'Do it.' })
    await pi.heard('"type":"agent_end"')
    pi.hangUp()
    const { stdout, stderr } = await pi.done
    expect(stderr).toBe('')

    const ids = answersTo('get_available_models', stdout).map(({ models = [] }) =>
      models.filter(({ provider }) => provider === 'dynamo').map(({ id }) => id),
    )
    expect(ids).toEqual([['scripted'], ['another']])
    expect(answersTo('get_state', stdout)[0]?.model).toMatchObject({ id: 'scripted', contextWindow: 54_321, maxTokens: 1234 })
    const { requests } = await stage.rows()
    expect(requests.map(({ request }) => request.model)).toContain('scripted')
  })
})
