// SPDX-License-Identifier: Apache-2.0
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { LanguageModelV3 } from '@ai-sdk/provider'
import { createDynamo } from '../src/index.ts'
import { registerDynamo, type DynamoRegistration } from '../src/telemetry/index.ts'
import { AsyncLocalStorage } from 'node:async_hooks'
import { tracingChannel } from 'node:diagnostics_channel'
import type { FrontendProcess } from './frontend-process.ts'

/** A way to call a frontend through the SDK; the first one is the baseline. */
export interface Subject {
  readonly name: string
  readonly model: LanguageModelV3
  /** Present where something has to stand while the calls are made. */
  readonly enter?: () => Pick<DynamoRegistration, 'ready' | 'close'>
}

export function subjectsOf({ baseURL, endpoint }: FrontendProcess, harnessLog: string): readonly Subject[] {
  const bare = createOpenAICompatible({ name: 'bare', baseURL, includeUsage: true })
  const dynamo = createDynamo({ baseURL, dialect: 'session-headers' })
  const model = dynamo('m')
  return [
    { name: 'bare @ai-sdk/openai-compatible', model: bare('m') },
    { name: 'the same, its telemetry listened to', model: bare('m'), enter: listen },
    { name: 'this provider', model },
    { name: 'this provider, registered', model, enter: () => registerDynamo({ endpoint }) },
    { name: 'this provider, registered, harness log', model, enter: () => registerDynamo({ endpoint, harnessLog }) },
  ]
}

/** Has ai@7 tell listeners that do nothing with it, in the two ways that there are. */
function listen(): Pick<DynamoRegistration, 'ready' | 'close'> {
  const ignore = () => undefined
  const holder = globalThis as { AI_SDK_TELEMETRY_INTEGRATIONS?: unknown[] }
  const integrations = (holder.AI_SDK_TELEMETRY_INTEGRATIONS ??= [])
  integrations.push({ onStart: ignore, onStepStart: ignore, onStepFinish: ignore, onToolExecutionStart: ignore })
  const { start, asyncEnd } = tracingChannel('ai:telemetry')
  const storage = new AsyncLocalStorage()
  start.bindStore(storage, ignore)
  asyncEnd.subscribe(ignore)
  return {
    ready: Promise.resolve(),
    close() {
      integrations.pop()
      start.unbindStore(storage)
      asyncEnd.unsubscribe(ignore)
      return Promise.resolve()
    },
  }
}
