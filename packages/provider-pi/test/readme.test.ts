// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError, environmentVariables } from '@dynamo-agent/core'
import { runReadmeExample } from '@dynamo-agent/readme-example'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TIMEOUT_MS } from '../src/session/session-end.ts'
import { describeStatus, type Status } from '../src/status/describe-status.ts'
import { LINGER_MS } from '../src/tools/tool-events.ts'

const folder = dirname(import.meta.dirname)
const readme = readFileSync(join(folder, 'README.md'), 'utf8')
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly name: string }

/** What stands below a heading. */
function section(heading: string): string {
  const [, text = ''] = new RegExp(`\n## ${heading}\n([^]*?)(?=\n## |$)`).exec(readme) ?? []
  return text
}

/** Who says who a session is has a table of its own. */
const aboutIdentity = /^DYN_AGENT_(SESSION_ID|TRAJECTORY_ID|PARENT_TRAJECTORY_ID|CALLERS)$/

const running: Status = {
  baseUrl: 'http://127.0.0.1:8000/v1',
  dialect: 'session-headers',
  models: { count: 1 },
  hints: undefined,
  environmentProblems: [],
  settingProblems: [],
}

/** Sessions in which something is wrong, each in its own way. */
function brokenSessions(): readonly Status[] {
  const endpoint = 'tcp://127.0.0.1:20390'
  const message = 'http://127.0.0.1:8000/v1/models cannot be reached: connect ECONNREFUSED'
  const problem = new DynamoAgentError({ code: 'DYN_HTTP_UNREACHABLE', message, advice: 'Start the frontend.' })
  const file = '/home/.pi/agent/settings.json'
  const calls = { started: 1, ended: 1, orphaned: 0, duplicateStarts: 0, unmatchedEnds: 0 }
  const byReason = { capacity: 0, closed: 0, encode: 0, undelivered: 0, refused: 0, unavailable: 0 }
  const events = (sent: number, queued: number, dropped: number) => ({
    toolEvents: {
      endpoint,
      counters: { calls, unrelayed: 0, relay: { sent, queued, dropped, byReason } },
      waitingMs: queued > 0 ? 5000 : 0,
    },
  })
  return [
    { ...running, models: { count: 0, problem } },
    { ...running, models: { count: 0 } },
    { ...running, ...events(0, 1, 0) },
    { ...running, ...events(1, 1, 0) },
    { ...running, ...events(1, 0, 2) },
    { ...running, settingProblems: [{ file, setting: 'dynamo.priority', problem: 'is not a whole number: high' }] },
  ]
}

describe('the README', () => {
  it('has an example that runs', async () => {
    const { stdout, stderr } = await runReadmeExample(folder)
    expect({ stdout, stderr }).toEqual({ stdout: '{}\n', stderr: '' })
  })

  it('installs this package, with variables that exist', () => {
    const [, install = ''] = /```sh\n([^]*?)```/.exec(section('Install')) ?? []
    expect(install).toContain(`pi install npm:${manifest.name}\n`)
    const exported = [...install.matchAll(/export (\w+)=/g)].map(([, name]) => name)
    expect(exported.length).toBeGreaterThan(0)
    expect(environmentVariables.map(({ name }) => name)).toEqual(expect.arrayContaining(exported))
  })

  it('has a table of the variables, but for those of identity', () => {
    const rows = environmentVariables
      .filter(({ name }) => !aboutIdentity.test(name))
      .map(({ name, defaultText, meaning }) => `| \`${name}\` | ${defaultText} | ${meaning} |`)
    const [, table = ''] = /<!-- options table -->\n([^]*)<!-- end of options table -->/.exec(readme) ?? []
    expect(table.trim().split('\n')).toEqual(['| Variable | Default | Meaning |', '|---|---|---|', ...rows])
  })

  it('names each trouble as /dynamo does, and no other', () => {
    const symptoms = [...section('When something does not work').matchAll(/^\| `(FAIL .*?)…?`/gm)].map(([, text = '']) => text)
    const patterns = symptoms.map((text) => new RegExp(`^${text.split('…').map(escape).join('.*')}`, 'm'))
    const texts = brokenSessions().map(describeStatus)
    expect(texts.filter((text) => !patterns.some((pattern) => pattern.test(text)))).toEqual([])
    expect(patterns.filter((pattern) => !texts.some((text) => pattern.test(text)))).toEqual([])
  })

  it('tells how long the end of a session may wait', () => {
    const lost = section('What can be lost')
    expect(lost).toContain(`Tool events that Dynamo does not take within ${LINGER_MS / 1000} s of the end`)
    expect(lost).toContain(`when Dynamo does not answer it within ${TIMEOUT_MS / 1000} s`)
  })
})

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
