// SPDX-License-Identifier: Apache-2.0
import type { Thread } from './tracks.ts'

/** Something that was drawn; times in epoch microseconds. */
export interface DrawnSpan {
  readonly thread: Thread
  readonly start: number
  readonly end: number
  /**
   * Arrows leave before this. From its first token on the innermost slice of a
   * request is the mark there, as viewers see it.
   */
  readonly leaveBy: number
}

/** As many requests of a trajectory as the model may still refer to. */
const REQUESTS = 4

/** The last requests of a trajectory that were drawn: an arrow may still leave from them. */
export class RecentRequests {
  readonly #ends: number[] = []
  readonly #spans: DrawnSpan[] = []
  #next = 0

  /** @param endMs When it ended as the model has it, by which it is found again. */
  add(endMs: number, span: DrawnSpan): void {
    this.#ends[this.#next] = endMs
    this.#spans[this.#next] = span
    this.#next = (this.#next + 1) % REQUESTS
  }

  /**
   * The request that ended at this moment, where it is still remembered.
   *
   * @param start Tells it from another one that ended then, and is drawn longer if it took no time.
   */
  find(endMs: number, start?: number): DrawnSpan | undefined {
    return this.#spans.find((span, at) => this.#ends[at] === endMs && (start === undefined || span.start === start))
  }
}

/** A trajectory is seldom told later than so many calls after the one that started it. */
const CALLS = 4096

/** The last tool calls of the whole trace that were drawn. */
export class RecentCalls {
  readonly #spans = new Map<number, DrawnSpan>()

  /** @param edgeId The call's own. */
  add(edgeId: number, span: DrawnSpan): void {
    if (this.#spans.size === CALLS) {
      for (const [oldest] of this.#spans) {
        this.#spans.delete(oldest)
        break
      }
    }
    this.#spans.set(edgeId, span)
  }

  find(edgeId: number): DrawnSpan | undefined {
    return this.#spans.get(edgeId)
  }
}
