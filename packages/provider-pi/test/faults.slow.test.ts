// SPDX-License-Identifier: Apache-2.0
import { installExtension, installPi, piReleases } from '@dynamo-agent/pi-generations'
import { createToolEventReceiver } from '@dynamo-agent/transport-zmq'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { startFaultyProxy, type Fault } from './helpers/faulty-proxy.ts'
import type { PiRun } from './helpers/run-pi.ts'
import { setStage, type ScriptedTurn } from './helpers/stage.ts'

const model = ['--model', 'dynamo/scripted']
const ask = [...model, '-p', 'Do it.']
const bash = (command: string): ScriptedTurn => ({ toolCalls: [{ name: 'bash', arguments: { command } }] })
const plain = fileURLToPath(new URL('helpers/plain-provider.ts', import.meta.url))
const nowhere = 'http://127.0.0.1:9/v1'
const settings = { retry: { baseDelayMs: 10, maxRetries: 1 } }

interface Case extends Fault {
  readonly what: string
  readonly environment?: NodeJS.ProcessEnv
  /** Of `pi -p`. */
  readonly exit: 0 | 1
  /** In `/dynamo`. */
  readonly line: RegExp
  /** How many lines there say that something is wrong with what to do about it. */
  readonly troubles: number
  /** How long it takes until that is known. */
  readonly knownAfterMs?: number
}

const failed = (words: string) => new RegExp(`last answer {2}failed: .*${words}`)
const cases: readonly Case[] = [
  { what: 'Dynamo is in order', exit: 0, line: /last answer {2}[\d,]+ input tokens/, troubles: 0 },
  {
    what: 'Dynamo is down',
    exit: 1,
    environment: { DYNAMO_BASE_URL: nowhere },
    line: /FAIL {2}\S+\/models cannot be reached/,
    troubles: 1,
  },
  { what: 'Dynamo is slow', exit: 0, delayMs: 3000, line: /FAIL {2}\S+\/models .*2000 ms/, troubles: 1 },
  {
    what: 'the ingest port is closed',
    exit: 0,
    environment: { DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: 'tcp://127.0.0.1:9' },
    line: /FAIL {2}nobody takes tool events at tcp:/,
    troubles: 1,
    // It may be on its way for so long.
    knownAfterMs: 2500,
  },
  {
    what: 'the disk is full',
    exit: 0,
    environment: { DYN_AGENT_HARNESS_LOG: '/dev/full' },
    line: /FAIL {2}.*\/dev\/full/,
    troubles: 1,
    // Rows of a harness log wait for a second.
    knownAfterMs: 1500,
  },
  { what: 'no model is listed', exit: 0, noModels: true, line: /FAIL {2}the frontend lists no model/, troubles: 1 },
  { what: 'everything is 401', exit: 1, status: 401, paths: /./, line: /FAIL {2}\S+\/models .*401/, troubles: 1 },
  { what: 'a call is 404', exit: 1, status: 404, line: failed('Model not found'), troubles: 0 },
  { what: 'a call is 429', exit: 1, status: 429, line: failed('Too Many Requests'), troubles: 0 },
  { what: 'a call is 500', exit: 1, status: 500, line: failed('Internal Server Error'), troubles: 0 },
  { what: 'a stream is cut', exit: 1, cut: true, line: /last answer {2}failed: \S/, troubles: 0 },
]

let extension = ''
beforeAll(async () => {
  extension = await installExtension()
}, 300_000)

/**
 * What can be compared. Behind the status of a failed request, Pi 0.87 has
 * Dynamo's own words with this package, and without it, none.
 */
function comparable({ status, signal, stdout, stderr }: PiRun) {
  return { status, signal, stdout, stderr: stderr.replaceAll(/^((?:Error: )?[1-5]\d\d)\b.*$/gm, '$1') }
}

describe.each(piReleases)('Pi %s', { timeout: 180_000 }, (release) => {
  let program = ''
  beforeAll(async () => {
    program = await installPi(release)
  }, 300_000)

  it.each(cases)('behaves as without this package, and says what is the matter, when $what', async (fault) => {
    await using stage = await setStage([bash('true'), 'Done.'], { pi: { program, install: [extension] } })
    await using proxy = await startFaultyProxy(stage.frontend.baseUrl, fault)
    await addSettings(stage.pi.home)
    const environment = {
      ...stage.environment,
      DYN_AGENT_DIALECT: 'auto',
      DYNAMO_MODELS: 'scripted',
      DYNAMO_BASE_URL: proxy.baseUrl,
      ...fault.environment,
    }
    const startedMs = Date.now()
    const [with_, without] = await Promise.all([
      stage.pi.run(ask, environment),
      stage.pi.run(['-ne', '-e', plain, ...ask], environment),
    ])
    expect(comparable(with_)).toEqual(comparable(without))
    expect(with_.status).toBe(fault.exit)
    // 2 s for the list of models, 0.4 s for the end of the session, and what a busy machine takes.
    expect(with_.exitedMs - startedMs).toBeLessThan(without.exitedMs - startedMs + 5000)

    const pi = stage.pi.startRpc(model, environment)
    pi.send({ type: 'prompt', message: 'Do it.' })
    await pi.heard('"type":"agent_end"')
    await delay(fault.knownAfterMs ?? 0)
    pi.send({ type: 'prompt', message: '/dynamo' })
    await pi.heard('"method":"notify"')
    pi.hangUp()
    const { stdout, stderr } = await pi.done
    expect(stderr).toBe('')
    const notice = stdout.split('\n').find((line) => line.includes('"method":"notify"')) ?? '{}'
    const { message } = JSON.parse(notice) as { readonly message: string }
    expect(message).toMatch(fault.line)
    expect(message.match(/^FAIL/gm) ?? []).toHaveLength(fault.troubles)
  })

  it('goes on telling of its tools when the ingest is started anew', async () => {
    const wait = 'touch started; while [ ! -e replaced ]; do sleep 0.05; done; sleep 1'
    await using stage = await setStage([bash(wait), 'Done.'], { pi: { program, install: [extension] } })
    const received: unknown[] = []
    const open = (bind: string) => createToolEventReceiver({ bind, onRecord: (record) => received.push(record) })
    const first = await open('tcp://127.0.0.1:0')
    const run = stage.pi.run(ask, { ...stage.environment, DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: first.endpoint })
    await vi.waitUntil(() => existsSync(join(stage.pi.folder, 'started')) && received.length === 1, { timeout: 30_000 })
    await first.close()
    const second = await open(first.endpoint)
    await writeFile(join(stage.pi.folder, 'replaced'), '')
    expect(await run).toMatchObject({ status: 0, stdout: 'Done.\n', stderr: '' })
    await vi.waitUntil(() => received.length === 2)
    await second.close()
  })
})

/** Two attempts are as good as four. */
async function addSettings(home: string): Promise<void> {
  const file = join(home, 'settings.json')
  const installed = JSON.parse(await readFile(file, 'utf8')) as object
  await writeFile(file, JSON.stringify({ ...installed, ...settings }))
}
