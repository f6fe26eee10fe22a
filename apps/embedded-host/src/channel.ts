// SPDX-License-Identifier: Apache-2.0
import { repairAgentContext, type Environment } from '@dynamo-agent/core'
import { createDynamoExtension } from '@dynamo-agent/provider-pi'
import { openAICompletionsApi } from '@earendil-works/pi-ai/compat'
import {
  createAgentSession,
  DefaultResourceLoader,
  ModelRuntime,
  SessionManager,
  SettingsManager,
  type AgentSession,
} from '@earendil-works/pi-coding-agent'
import { once } from 'node:events'
import type { DeskTool } from './desk-tools.ts'
import { failOver } from './fail-over.ts'
import { adaptTool } from './pi-tools.ts'

type StreamSimple = ReturnType<typeof openAICompletionsApi>['streamSimple']

/** One conversation of the application, with a Pi session of its own behind it. */
export interface Channel extends AsyncDisposable {
  /** @throws where no profile gave an answer: what the last one said; and once the channel is disposed. */
  ask(question: string): Promise<string>
  /** The model that answered last. */
  readonly model: string
}

export interface ChannelOptions {
  /** Names its session on Dynamo's timeline. */
  readonly id: string
  /** Models to ask, best first; the next one takes over when one fails, and stays. */
  readonly profiles: readonly [string, ...string[]]
  readonly tools: readonly DeskTool[]
  /** Where Dynamo is. */
  readonly environment: Environment
  /** Where Pi may keep files. */
  readonly folder: string
}

/** Opens a channel: everything that Pi's own program would find by itself, models and keys included, comes from here. */
export async function openChannel({ id, profiles, tools, environment, folder }: ChannelOptions): Promise<Channel> {
  const settingsManager = SettingsManager.inMemory({ retry: { enabled: false } })
  const resourceLoader = new DefaultResourceLoader({
    cwd: folder,
    agentDir: folder,
    settingsManager,
    noExtensions: true,
    noSkills: true,
    noPromptTemplates: true,
    noThemes: true,
    noContextFiles: true,
    systemPrompt: 'You work at the desk of a shop. Answer shortly.',
    extensionFactories: [
      createDynamoExtension({
        environment: { ...environment, DYNAMO_MODELS: profiles.join() },
        // Mends what cannot travel, such as a blank: a channel may have any name.
        contextOf: () => repairAgentContext({ sessionId: id, sessionTypeId: 'desk' }).context,
        streamSimple: (...call: Parameters<StreamSimple>) => openAICompletionsApi().streamSimple(...call),
      }),
      failOver(profiles.slice(1), (profile) => modelOf(profile)),
    ],
  })
  await resourceLoader.reload()
  const modelRuntime = await createModels(resourceLoader, folder)
  const modelOf = (profile: string) => {
    const served = modelRuntime.getModel('dynamo', profile)
    const [any] = modelRuntime.getModels('dynamo')
    if (any === undefined) throw new Error('the extension has registered no models')
    // A model that the frontend does not list may yet come.
    return served ?? { ...any, id: profile, name: profile }
  }
  const { session } = await createAgentSession({
    cwd: folder,
    agentDir: folder,
    settingsManager,
    resourceLoader,
    modelRuntime,
    sessionManager: SessionManager.inMemory(folder),
    model: modelOf(profiles[0]),
    noTools: 'builtin',
    customTools: tools.map((tool) => adaptTool(tool)),
  })
  // Without this the extension never hears that the session has started.
  await session.bindExtensions({ mode: 'print' })

  const closing = new AbortController()
  const refuseIfClosed = () => {
    closing.signal.throwIfAborted()
  }
  const closed = once(closing.signal, 'abort').then(refuseIfClosed)
  // Nobody may be asking.
  closed.catch(() => undefined)

  const close = async () => {
    closing.abort(new Error(`the channel ${id} is closed`))
    // Not waited for: a tool that does not listen would keep the application from its end.
    void session.abort()
    // dispose() alone tells no extension: open tool calls would stay without an end.
    await session.extensionRunner.emit({ type: 'session_shutdown', reason: 'quit' })
    session.dispose()
  }
  let disposing: Promise<void> | undefined
  return {
    get model() {
      return session.model?.id ?? ''
    },
    async ask(question) {
      refuseIfClosed()
      // abort() cannot stop a run that Pi is about to begin; this can.
      const asking = session.prompt(question, { preflightResult: refuseIfClosed })
      await Promise.race([closed, asking])
      const { text, error } = lastAnswer(session)
      if (error !== undefined) throw new Error(error)
      return text
    },
    [Symbol.asyncDispose]() {
      disposing ??= close()
      return disposing
    },
  }
}

/** What the extension registers, and nothing that this user has set up for Pi: its files are in the application's folder. */
async function createModels(resourceLoader: DefaultResourceLoader, folder: string): Promise<ModelRuntime> {
  const models = await ModelRuntime.create({ authPath: `${folder}/auth.json`, modelsPath: null })
  // Pi would apply these when the session binds, which is after the session has to have its model.
  const { pendingProviderRegistrations } = resourceLoader.getExtensions().runtime
  for (const { name, config } of pendingProviderRegistrations.splice(0)) models.registerProvider(name, config)
  return models
}

function lastAnswer({ messages }: AgentSession): { readonly text: string; readonly error?: string } {
  const last = messages.at(-1)
  if (last?.role !== 'assistant') return { text: '', error: 'there was no answer' }
  const text = last.content.map((part) => (part.type === 'text' ? part.text : '')).join('')
  const hasFailed = last.stopReason === 'error' || last.stopReason === 'aborted'
  return hasFailed ? { text, error: last.errorMessage ?? 'no reason given' } : { text }
}
