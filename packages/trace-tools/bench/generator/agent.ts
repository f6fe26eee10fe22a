// SPDX-License-Identifier: Apache-2.0
import { runCalls, type CallSpan } from './calls.ts'
import { Conversation } from './conversation.ts'
import type { Id } from './ids.ts'
import { createLaneCounter } from './lanes.ts'
import { idleTurn, planAbandonedTurn, planSubagents, planTurn, rowsAhead, type Turn } from './plan-turn.ts'
import { skewed } from './random.ts'
import { runFinalNotice, runRequest, runSideRequest, runUnattributedRequest } from './requests.ts'
import type { RequestRow } from './rows.ts'
import { createHarness, nameSubagent, type Harness, type Session } from './session.ts'
import { MILLISECOND_NS, wholeMs, type Simulation } from './simulation.ts'
import { encode } from './text-buffer.ts'

const resultTokens = skewed(450, 2.5)
const messageTokens = skewed(150, 3)
const thinkingNs = skewed(6e9, 3)

export interface AgentOptions {
  readonly session: Session
  readonly id: string
  /** Absent for a root. */
  readonly parentId?: string
  /** 1 for a root. */
  readonly level: number
  /** Called when it is through. */
  readonly done: () => void
}

/** One agent: a trajectory of requests, one after the other, with tool calls between them. */
export class Agent {
  readonly #sim: Simulation
  readonly #options: AgentOptions
  readonly #harness: Harness
  readonly #context: Uint8Array
  readonly #conversation: Conversation
  readonly #toolLanes = createLaneCounter()
  #requestLanes = 1
  #openEnded = 0
  #turnsLeft: number

  constructor(sim: Simulation, options: AgentOptions) {
    const { session, id, parentId, level } = options
    this.#sim = sim
    this.#options = options
    this.#harness = createHarness(sim.random)
    const identity = { sessionId: session.id, trajectoryId: id, ...(parentId !== undefined && { parentId }) }
    this.#context = encode(sim.format.contextText(identity))
    this.#conversation = new Conversation(sim)
    this.#turnsLeft = Math.ceil(sim.shape.turns(sim.random, level))
  }

  /** Works from now on, which is a whole millisecond; the row of its first request is taken from the budget. */
  start(): void {
    if (this.#options.level > 1) this.#sim.truth.countEdges('spawn', 1)
    this.#takeTurn('userMessage')
  }

  #takeTurn(trigger: RequestRow['trigger']): void {
    const { clock, random, budget } = this.#sim
    const turn = this.#planTurn()
    const endNs = this.#runRequest(turn, trigger)
    this.#turnsLeft--
    if (turn.calls.length > 0) {
      this.#runCalls(turn, endNs)
    } else if (this.#turnsLeft > 0 && budget.take(1)) {
      clock.at(wholeMs(endNs + thinkingNs(random)), () => {
        this.#conversation.add(messageTokens(random))
        this.#takeTurn('userMessage')
      })
    } else {
      clock.at(endNs, () => {
        this.#finish()
      })
    }
  }

  /** Puts the rows aside that the turn leads to; without enough of them it leads to nothing. */
  #planTurn(): Turn {
    const { random, shape, budget } = this.#sim
    const isLast = this.#turnsLeft <= 1
    const subagents = isLast ? 0 : shape.subagents(random, this.#options.level)
    let turn = idleTurn
    if (subagents > 0) turn = planSubagents(this.#sim, this.#harness, subagents)
    else if (!isLast) turn = planTurn(this.#sim, this.#harness)
    else if (this.#harness.reportsCalls && random.chance(0.05)) turn = planAbandonedTurn(this.#sim, this.#harness)
    return budget.take(rowsAhead(turn)) ? turn : idleTurn
  }

  /** @returns When it ends. */
  #runRequest({ calls }: Turn, trigger: RequestRow['trigger']): number {
    const served = this.#conversation.ask()
    const context = this.#context
    const finishReason = calls.length > 0 ? 'tool_calls' : finishOf(this.#sim.random.fraction())
    runRequest(this.#sim, { served, context, trigger, finishReason, asked: calls })
    // Beside a call of which nobody reports the end, another request would be taken for it.
    const isReported = calls.every((call) => call.rows === 2)
    if (isReported && runSideRequest(this.#sim, served, context)) this.#requestLanes = 2
    runUnattributedRequest(this.#sim)
    return served.startNs + served.totalNs
  }

  /** Lets the calls of a turn run, and goes on after the last of them. */
  #runCalls(turn: Turn, requestEndNs: number): void {
    const { calls } = turn
    const { random, truth, format } = this.#sim
    const inferred = format.namesAskedCalls ? calls.filter((call) => call.rows === 0).length : 0
    for (let call = 0; call < inferred; call++) truth.busyTime.open('tools', requestEndNs)
    runCalls(this.#sim, {
      calls,
      context: this.#context,
      startNs: wholeMs(requestEndNs) + random.between(1, 4) * MILLISECOND_NS,
      startSubagent: (callId, done) => {
        this.#startSubagent(callId, done)
      },
      done: (spans) => {
        const nextNs = this.#goOnAfter(turn, spans)
        for (let call = 0; call < inferred; call++) {
          truth.countInferredCall()
          truth.busyTime.close('tools', nextNs)
        }
        this.#countLanes(turn, spans, { startNs: requestEndNs, endNs: nextNs })
        if (!turn.abandoned) truth.countEdges('result', inferred + calls.filter((call) => call.rows === 2).length)
      },
    })
  }

  /** @returns When the next request starts; where there is none, when the last call ended. */
  #goOnAfter({ calls, abandoned }: Turn, spans: readonly CallSpan[]): number {
    const { clock, random } = this.#sim
    const endNs = spans.reduce((latestNs, span) => Math.max(latestNs, span.endNs), 0)
    const nextNs = abandoned ? endNs : endNs + random.between(1, 30) * MILLISECOND_NS
    clock.at(nextNs, () => {
      if (abandoned) {
        this.#end()
        return
      }
      for (const _call of calls) this.#conversation.add(resultTokens(random))
      this.#takeTurn('toolResult')
    })
    return nextNs
  }

  /** @param untilNext From the end of the request that asked for the calls to the start of the next one. */
  #countLanes({ calls, abandoned }: Turn, spans: readonly CallSpan[], untilNext: CallSpan): void {
    const hasNext = this.#sim.format.namesAskedCalls && !abandoned
    for (const { rows } of calls) {
      if (rows < 2 && hasNext) this.#toolLanes.add(untilNext.startNs, untilNext.endNs)
      else if (rows === 1) this.#openEnded++
    }
    for (const [index, { startNs, endNs }] of spans.entries()) {
      if (calls[index]?.rows === 2) this.#toolLanes.add(startNs, endNs)
    }
  }

  #startSubagent(callId: Id, done: () => void): void {
    const { session, id: parentId, level } = this.#options
    const id = nameSubagent(session, this.#harness, callId)
    new Agent(this.#sim, { session, id, parentId, level: level + 1, done }).start()
  }

  /** The last turn is over, and a root may tell Dynamo so. */
  #finish(): void {
    const { clock, random, budget } = this.#sim
    if (this.#options.level > 1 || !random.chance(0.7) || !budget.take(1)) {
      this.#end()
      return
    }
    clock.at(runFinalNotice(this.#sim, this.#context, this.#conversation.worker), () => {
      this.#end()
    })
  }

  #end(): void {
    const { level, done } = this.#options
    const openEnded = this.#openEnded
    this.#sim.truth.countTrajectory(level, { requests: this.#requestLanes, toolCalls: this.#toolLanes.lanes, openEnded })
    done()
  }
}

/** How a request without tool calls ends; nothing is known of it where the client gives up. */
function finishOf(dice: number): RequestRow['finishReason'] {
  if (dice < 0.005) return undefined
  return dice < 0.02 ? 'length' : 'stop'
}
