// SPDX-License-Identifier: Apache-2.0
import { parseScript, startLocalFrontend } from '@dynamo-agent/local-frontend'
import { convertTrace } from '@dynamo-agent/trace-tools'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openDesk } from './desk.ts'
import { lookUpOrder } from './desk-tools.ts'
import { writeDigest } from './digest-agent.ts'

const scriptPath = fileURLToPath(new URL('../script.json', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'embedded-host-'))
const trace = join(folder, 'trace.jsonl')
const timeline = join(folder, 'trace.pftrace')

const say = (line: string) => process.stdout.write(`${line}\n`)

const frontend = await startLocalFrontend({
  model: { script: parseScript(await readFile(scriptPath, 'utf8'), scriptPath) },
  trace: { path: trace },
})
const environment = frontend.environmentFor({})
const tools = [lookUpOrder]
{
  await using desk = openDesk({ profiles: ['not-served', 'scripted'], tools, environment, folder })
  const answers = await Promise.all(
    ['anna', 'bert'].map(async (id) => {
      const channel = await desk.channel(id)
      return `${id}: ${await channel.ask('Where is my order A-17?')} (${channel.model})`
    }),
  )
  for (const answer of answers) say(answer)
}
const digest = { id: 'digest', model: 'scripted', baseUrl: frontend.baseUrl, apiKey: 'none', tools, environment }
say(`digest: ${await writeDigest('What happened today?', digest)}`)
await frontend.close()
const { summary } = await convertTrace({ inputs: [trace], output: timeline })
say(`${summary.trajectories} trajectories, ${summary.requests} requests, ${summary.toolCalls.total} tool calls: ${timeline}`)
