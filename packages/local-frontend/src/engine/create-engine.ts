// SPDX-License-Identifier: Apache-2.0
import { createBlockHasher } from './block-hasher.ts'
import type { Engine, EngineOptions, EngineRequest } from './engine.ts'
import { chooseWorker } from './routing.ts'
import { serveRequest, type AdmittedPrompt, type ServingEngine } from './serve-request.ts'
import { resolveSettings } from './settings.ts'
import { createWaitLine } from './wait-line.ts'
import { createWorker, type Worker } from './worker.ts'

/**
 * Starts a simulated engine. It holds no timers or handles of its own: those
 * that exist belong to requests and go with them.
 *
 * @throws DynamoAgentError `DYN_INVALID_OPTION`
 */
export function createEngine(options: EngineOptions = {}): Engine {
  const settings = resolveSettings(options)
  const { blockSize } = settings
  const workers = Array.from({ length: settings.workers }, () => createWorker(settings))
  const queue = createWaitLine<AdmittedPrompt, EngineRequest>()

  const hasPlace = (worker: Worker) => worker.running < settings.maxConcurrentPerWorker
  const place = (admitted: AdmittedPrompt): EngineRequest | undefined => {
    const worker = chooseWorker(workers.filter(hasPlace), { blocks: admitted.blocks, blockSize })
    return worker && serveRequest(worker, admitted, engine)
  }
  const engine: ServingEngine = {
    settings,
    onPlaceFree() {
      queue.call(place)
    },
  }

  return {
    async admit(prompt, signal) {
      signal.throwIfAborted()
      const blocks = createBlockHasher(blockSize)
      blocks.append(prompt.text)
      const admitted = { blocks, receivedMs: prompt.receivedMs, queueDepth: queue.length, signal }
      return place(admitted) ?? (await queue.wait(admitted, { signal, priority: prompt.priority ?? 0 }))
    },
    workerIds: workers.map((worker) => worker.id),
    blockSize,
    load: () => ({ running: workers.reduce((sum, worker) => sum + worker.running, 0), queued: queue.length }),
  }
}
