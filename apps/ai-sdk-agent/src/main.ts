// SPDX-License-Identifier: Apache-2.0
import { parseScript, startLocalFrontend } from '@dynamo-agent/local-frontend'
import { convertTrace } from '@dynamo-agent/trace-tools'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createChatClient } from './chat-client.ts'
import { research } from './research.ts'
import { startChatServer } from './server.ts'

const scriptPath = fileURLToPath(new URL('../script.json', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'ai-sdk-agent-'))
const trace = join(folder, 'trace.jsonl')
const timeline = join(folder, 'trace.pftrace')

const say = (line: string) => process.stdout.write(`${line}\n`)

const frontend = await startLocalFrontend({
  model: { script: parseScript(await readFile(scriptPath, 'utf8'), scriptPath) },
  trace: { path: trace },
})
// What a shell would export: provider and registration read it at their first use.
Object.assign(process.env, frontend.environmentFor({}), { DYNAMO_MODEL: 'scripted' })
{
  await using server = await startChatServer()
  const chat = createChatClient(server.url, 'chat-1')
  say(`chat: ${await chat.say('How late is it in Lima?')}`)
  say(`chat: ${await chat.say('Thank you.')}`)
  say(`research: ${await research('research-1', 'What does the handbook say?')}`)
}
await frontend.close()
const { summary } = await convertTrace({ inputs: [trace], output: timeline })
say(`${summary.trajectories} trajectories, ${summary.requests} requests, ${summary.toolCalls.total} tool calls: ${timeline}`)
