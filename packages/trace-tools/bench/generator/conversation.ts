// SPDX-License-Identifier: Apache-2.0
import { Prompt } from './prompt.ts'
import { skewed } from './random.ts'
import type { ServedRequest, Worker } from './serving.ts'
import type { Simulation } from './simulation.ts'

/** Where a harness sums up what was said. */
const CONTEXT_TOKENS = 27_000
const SUMMARY_TOKENS = 2000

/** Longer answers and results are cut. */
const LONGEST_TURN_TOKENS = 12_000

const answerTokens = skewed(170, 2.5)

/** What an agent and its model have said so far, and who has it in a cache. */
export class Conversation {
  readonly #sim: Simulation
  readonly #prompt: Prompt
  #worker: Worker
  /** Blocks of the prompt that the worker has seen. */
  #knownBlocks: number
  /** What the next prompt adds to the last one: its answer, and what came after that. */
  #newTokens: number

  constructor(sim: Simulation) {
    const { random, cluster, shape } = sim
    this.#sim = sim
    this.#prompt = new Prompt(random, CONTEXT_TOKENS + LONGEST_TURN_TOKENS, cluster.sharedBlocks)
    this.#newTokens = shape.firstPromptTokens(random)
    this.#worker = cluster.chooseWorker()
    this.#knownBlocks = random.chance(0.7) ? cluster.sharedBlocks.count : 0
  }

  /** The worker that has it. */
  get worker(): Worker {
    return this.#worker
  }

  /** Something that the next prompt will hold. */
  add(tokens: number): void {
    this.#newTokens += tokens
  }

  /** The next request, which starts now. */
  ask(): ServedRequest {
    const { clock, random, cluster } = this.#sim
    this.#prompt.append(Math.ceil(Math.min(this.#newTokens, LONGEST_TURN_TOKENS)))
    if (this.#prompt.tokens > CONTEXT_TOKENS) {
      this.#prompt.compact(SUMMARY_TOKENS)
      this.#knownBlocks = cluster.sharedBlocks.count
    }
    if (random.chance(0.04)) {
      this.#worker = cluster.chooseWorker()
      this.#knownBlocks = random.chance(0.5) ? cluster.sharedBlocks.count : 0
    }
    const served = cluster.serve({
      prompt: this.#prompt,
      knownBlocks: this.#knownBlocks,
      worker: this.#worker,
      startNs: clock.nowNs,
      outputTokens: 1 + Math.ceil(answerTokens(random)),
    })
    this.#knownBlocks = this.#prompt.wholeBlocks
    this.#newTokens = served.outputTokens
    return served
  }
}
