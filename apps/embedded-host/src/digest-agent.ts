// SPDX-License-Identifier: Apache-2.0
import type { Environment } from '@dynamo-agent/core'
import { instrumentAgent } from '@dynamo-agent/provider-pi/embed'
import { Agent } from '@earendil-works/pi-agent-core'
import { openAICompletionsApi, type Model } from '@earendil-works/pi-ai/compat'
import type { DeskTool } from './desk-tools.ts'
import { adaptTool } from './pi-tools.ts'

export interface DigestOptions {
  /** Names its session on Dynamo's timeline. */
  readonly id: string
  readonly model: string
  readonly baseUrl: string
  readonly apiKey: string
  readonly tools: readonly DeskTool[]
  readonly environment: Environment
}

/** The same with pi-agent-core alone: an agent without files, settings and extensions, for a job in the background. */
export async function writeDigest(question: string, options: DigestOptions): Promise<string> {
  const { id, model, baseUrl, apiKey, tools, environment } = options
  const agent = new Agent({
    sessionId: id,
    streamFn: (...call) => openAICompletionsApi().streamSimple(...call),
    getApiKey: () => apiKey,
    initialState: {
      systemPrompt: 'You write the digest of the desk.',
      model: describeModel(model, baseUrl),
      tools: tools.map((tool) => adaptTool(tool)),
    },
  })
  await using _ = instrumentAgent(agent, { environment })
  await agent.prompt(question)
  const last = agent.state.messages.at(-1)
  if (last?.role !== 'assistant' || last.stopReason === 'error') throw new Error('the digest was not written')
  return last.content.map((part) => (part.type === 'text' ? part.text : '')).join('')
}

function describeModel(id: string, baseUrl: string): Model<'openai-completions'> {
  return {
    id,
    name: id,
    provider: 'dynamo',
    api: 'openai-completions',
    baseUrl,
    reasoning: false,
    input: ['text'],
    cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    contextWindow: 128_000,
    maxTokens: 4096,
  }
}
