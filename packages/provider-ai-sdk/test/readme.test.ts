// SPDX-License-Identifier: Apache-2.0
import { environmentVariables } from '@dynamo-agent/core'
import { runReadmeExample } from '@dynamo-agent/readme-example'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { harnessFile, tell } from './helpers/harness-rows.ts'
import { setStage, type ScriptedConversation, type Stage } from './helpers/stage.ts'

const packageFolder = join(import.meta.dirname, '..')
const readme = await readFile(join(packageFolder, 'README.md'), 'utf8')
/** The programs of the README, by the heading above each. */
const snippets = [...readme.matchAll(/^```ts\n([^]*?)^```/gm)].map(({ 1: program = '', index }) => {
  const headings = [...readme.slice(0, index).matchAll(/^##+ (.*)$/gm)]
  return { heading: headings.at(-1)?.[1] ?? '', program }
})

let stage: Stage

beforeAll(async () => {
  const says = (user: string, ...turns: ScriptedConversation['turns']): ScriptedConversation => ({
    name: user,
    when: { user },
    turns,
  })
  stage = await setStage(['Done.'], {
    models: [{ id: 'Qwen/Qwen3-8B' }],
    others: [
      says('Say hello.', 'Hello.'),
      says('Munch', '{"city":"Oslo","country":"Norway"}'),
      says('What is', { toolCalls: [{ name: 'research', arguments: { topic: 'caches' } }] }, 'It is a cache.'),
      says('caches', 'They remember.'),
      says('Make a plan.', 'this'),
      says('Say goodbye.', 'Goodbye.'),
    ],
  })
})

afterAll(() => stage[Symbol.asyncDispose]())

/** Runs the snippet below a heading, and what is added to it, as a program; gives what it printed. */
async function run(heading: string, addition = '', more: Record<string, string> = {}): Promise<string> {
  const { program } = snippets.find((snippet) => snippet.heading === heading) ?? {}
  if (program === undefined) throw new Error(`no program below ${heading}`)
  // A README of its own for each, inside the package, so that the package's own name resolves.
  await mkdir(join(packageFolder, '.readme-example'), { recursive: true })
  const folder = await mkdtemp(join(packageFolder, '.readme-example/snippet-'))
  try {
    await writeFile(join(folder, 'README.md'), `\`\`\`ts\n${program}${addition}\`\`\`\n`)
    const environment = { ...stage.frontend.environmentFor({}), DYNAMO_BASE_URL: stage.baseURL, ...more }
    const { stdout, stderr } = await runReadmeExample(folder, environment)
    expect(stderr).toBe('')
    return stdout
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe('the programs of the README', () => {
  const served = /requestId: '[0-9a-f-]{36}',\n {2}worker: \{\n {4}prefillWorkerId: '\d+'[^]*kvHitRate: \d/

  it('give an answer, and tell how it was served', async () => {
    const printed = await run('Example')
    expect(printed).toMatch(/^Hello\.\n/)
    expect(printed).toMatch(served)
  })

  it.each([
    ['Provider instance', 'dynamo.chat\n'],
    ['Models', 'Hello.'],
    ['Structured output', 'Oslo\n'],
    ['Options of a call', 'Goodbye.\n'],
  ])('print what they say: %s', async (heading, printed) => {
    expect(await run(heading)).toBe(printed)
  })

  it('put tools and subagents on the timeline', async () => {
    expect(await run('Tools on the timeline')).toBe('It is a cache.\n')
    const { requests, tools } = await stage.rows()
    const research = tools.filter(({ tool }) => tool.toolClass === 'research')
    expect(research.map(({ type, identity }) => [type, identity?.trajectoryId])).toEqual([
      ['tool_start', 'chat-42'],
      ['tool_end', 'chat-42'],
    ])
    const toolCallId = research[0]?.tool.toolCallId ?? ''
    expect(requests.filter(({ identity }) => identity?.trajectoryId.includes(toolCallId))).toMatchObject([
      { identity: { parentTrajectoryId: 'chat-42' } },
    ])
  })

  it('keep subagents apart', async () => {
    await run('Sessions and subagents')
    const { requests } = await stage.rows()
    const nightly = requests.flatMap(({ identity: { trajectoryId = '', parentTrajectoryId } = {} }) =>
      trajectoryId.startsWith('nightly-7') ? [[trajectoryId, parentTrajectoryId]] : [],
    )
    expect(nightly.sort()).toEqual([
      ['nightly-7', undefined],
      ['nightly-7.reviewer', 'nightly-7'],
      ['nightly-7.writer', 'nightly-7'],
    ])
  })

  it('serve a chat under its own id', async () => {
    const message = { id: 'm-1', role: 'user', parts: [{ type: 'text', text: 'Say hello.' }] }
    const body = JSON.stringify({ id: 'chat-of-a-user', messages: [message] })
    const printed = await run(
      'On a server',
      `
      const request = new Request('http://localhost', { method: 'POST', body: ${JSON.stringify(body)} })
      console.log(await (await POST(request)).text())
      `,
    )
    expect(printed).toContain('"type":"text-delta"')
    expect((await stage.rows()).requests.at(-1)).toMatchObject({ identity: { trajectoryId: 'chat-of-a-user' } })
  })

  it('register in the process of a Next.js server', async () => {
    const integrations = 'globalThis.AI_SDK_TELEMETRY_INTEGRATIONS?.length'
    const addition = `await register()\nconsole.log(${integrations})\n`
    expect(await run('Next.js', addition, { NEXT_RUNTIME: 'nodejs' })).toBe('1\n')
    expect(await run('Next.js', addition, { NEXT_RUNTIME: 'edge' })).toBe('undefined\n')
  })

  it('write a harness log', async () => {
    await using file = await harnessFile()
    expect(await run('Harness log', '', { DYN_AGENT_HARNESS_LOG: file.path })).toBe('3 rows\n')
    expect(tell(await file.rows(), 'chat-42')).toEqual([
      'session_start first-call',
      'turn 0 succeeded',
      'session_end close',
    ])
  })

  it('are all run here', () => {
    expect(snippets.map(({ heading }) => heading)).toEqual([
      'Example',
      'Provider instance',
      'Models',
      'Structured output',
      'Tools on the timeline',
      'Sessions and subagents',
      'On a server',
      'Next.js',
      'Options of a call',
      'Harness log',
    ])
  })
})

it('the environment table is that of the code', () => {
  // What is one thing in every adapter and another in this one.
  const ownDefaults: Readonly<Record<string, string>> = {
    DYN_AGENT_SESSION_TYPE_ID: '`ai_sdk_agent`',
    DYN_AGENT_SESSION_ID: 'unset: a call outside of any session belongs to nobody',
    DYN_AGENT_TRAJECTORY_ID: 'the session id',
    DYN_AGENT_SESSION_FINAL: 'on: a call may say that it is the last',
  }
  const others = ['DYNAMO_MODELS', 'DYN_AGENT_CALLERS']
  const rows = environmentVariables
    .filter(({ name }) => !others.includes(name))
    .map(({ name, defaultText, meaning }) => `| \`${name}\` | ${ownDefaults[name] ?? defaultText} | ${meaning} |`)
  const [, table] = /<!-- environment table -->\n([^]*)<!-- end of environment table -->/.exec(readme) ?? []
  expect(table).toBe(['| variable | default | meaning |', '|---|---|---|', ...rows, ''].join('\n'))
})
