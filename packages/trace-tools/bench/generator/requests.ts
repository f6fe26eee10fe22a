// SPDX-License-Identifier: Apache-2.0
import { Prompt } from './prompt.ts'
import type { RequestRow } from './rows.ts'
import { smallModel, type ServedRequest, type Worker } from './serving.ts'
import { MILLISECOND_NS, wholeMs, type Simulation } from './simulation.ts'

/** Lets a request run that has been planned: its row is written at its end. */
export function runRequest({ clock, truth, sink }: Simulation, row: RequestRow): void {
  const { served, context } = row
  truth.countRequest(served, { attributed: context !== undefined })
  clock.at(served.startNs + served.totalNs, () => {
    sink.writeRequest(row, clock.nowNs)
  })
}

/**
 * Now and then a small model sums a session up while the large one works.
 *
 * @param main The large one's request.
 * @returns Whether there is such a request, in the time of the other.
 */
export function runSideRequest(sim: Simulation, main: ServedRequest, context: Uint8Array): boolean {
  const { random, cluster, budget } = sim
  if (!random.chance(0.02)) return false
  const served = cluster.serve({
    model: smallModel,
    prompt: shortPrompt(sim, random.between(100, 2000)),
    knownBlocks: 0,
    worker: cluster.chooseWorker(),
    startNs: main.startNs + random.between(1, 20) * MILLISECOND_NS,
    outputTokens: random.between(4, 20),
  })
  const isWithin = served.startNs + served.totalNs < main.startNs + main.totalNs
  if (!isWithin || !budget.take(1)) return false
  runRequest(sim, { served, context, trigger: 'userMessage', finishReason: 'stop', asked: [] })
  return true
}

/** Now and then somebody else uses the same frontend, and says nothing of sessions. */
export function runUnattributedRequest(sim: Simulation): void {
  const { clock, random, cluster, budget, format } = sim
  if (!format.hasUnattributedRows || !random.chance(0.008) || !budget.take(1)) return
  const startNs = clock.nowNs + random.between(1, 1000) * MILLISECOND_NS
  clock.at(startNs, () => {
    const prompt = shortPrompt(sim, random.between(20, 4000))
    const worker = cluster.chooseWorker()
    const served = cluster.serve({ prompt, knownBlocks: 0, worker, startNs, outputTokens: random.between(2, 200) })
    runRequest(sim, { served, context: undefined, trigger: 'userMessage', finishReason: undefined, asked: [] })
  })
}

/**
 * Tells Dynamo that a session is over, by a request for a single token.
 *
 * @returns When it ends.
 */
export function runFinalNotice(sim: Simulation, context: Uint8Array, worker: Worker): number {
  const { clock, random, cluster } = sim
  const startNs = wholeMs(clock.nowNs) + random.between(1, 50) * MILLISECOND_NS
  const served = cluster.serve({ prompt: shortPrompt(sim, 12), knownBlocks: 0, worker, startNs, outputTokens: 1 })
  runRequest(sim, { served, context, trigger: 'userMessage', finishReason: 'length', asked: [], final: true })
  return startNs + served.totalNs
}

function shortPrompt({ random }: Simulation, tokens: number): Prompt {
  const prompt = new Prompt(random, tokens)
  prompt.append(tokens)
  return prompt
}
