// SPDX-License-Identifier: Apache-2.0
import type { PiModelConfig } from '../pi/host.ts'
import type { ModelSettings } from '../settings/model-settings.ts'
import type { Discovery } from './discovery.ts'
import { describeModel, type ServedModel } from './models.ts'

/** The models of one frontend, as Pi is offered them. */
export interface ModelList {
  /** What Dynamo has said last; undefined before its first answer. */
  readonly discovery: Discovery | undefined
  readonly offered: readonly PiModelConfig[]
  /** Asks Dynamo anew, unless a question is on its way. Bounded in time; never rejects. */
  refresh(): Promise<void>
  /** Has somebody told when other models are offered than before. */
  onChange(listener: () => void): void
  /** Asks no more, and drops the question that is on its way. */
  close(): void
}

export interface ModelListOptions {
  /** Never rejects. */
  readonly ask: (signal: AbortSignal) => Promise<Discovery>
  /** Offered until Dynamo lists any. */
  readonly fallback: readonly ServedModel[]
  readonly settings: Readonly<Record<string, ModelSettings>>
}

/** A list that Dynamo has given stays when it does not answer, or has no worker, for a while. */
export function createModelList({ ask, fallback, settings }: ModelListOptions): ModelList {
  const describe = (models: readonly ServedModel[]) => models.map((model) => describeModel(model, settings[model.id]))
  const closing = new AbortController()
  let discovery: Discovery | undefined
  let offered = describe(fallback)
  let asking: Promise<void> | undefined
  let tell: () => void = () => undefined

  async function askOnce(): Promise<void> {
    const answer = await ask(closing.signal)
    asking = undefined
    if (closing.signal.aborted) return
    discovery = answer
    const listed = answer.models.length > 0 ? describe(answer.models) : offered
    if (JSON.stringify(listed) === JSON.stringify(offered)) return
    offered = listed
    try {
      tell()
    } catch {
      // Pi lets an instance of an extension register nothing once its session is gone.
    }
  }

  return {
    get discovery() {
      return discovery
    },
    get offered() {
      return offered
    },
    refresh() {
      asking ??= askOnce()
      return asking
    },
    onChange(listener) {
      tell = listener
    },
    close() {
      closing.abort()
    },
  }
}
