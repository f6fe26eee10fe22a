// SPDX-License-Identifier: Apache-2.0

/** Lets things happen in the order of their times: a simulation of discrete events. */
export class Clock {
  /** A binary heap: no time is after those of its children, at 2n + 1 and 2n + 2. */
  readonly #times: number[] = []
  readonly #actions: (() => void)[] = []
  #nowNs = 0

  /** Nanoseconds from the start of the trace; always whole. */
  get nowNs(): number {
    return this.#nowNs
  }

  /** @param timeNs Not before now. */
  at(timeNs: number, action: () => void): void {
    let place = this.#times.length
    this.#times.push(timeNs)
    this.#actions.push(action)
    for (let parent = (place - 1) >> 1; place > 0; parent = (place - 1) >> 1) {
      if (this.#timeAt(parent) <= timeNs) break
      this.#move(parent, place)
      place = parent
    }
    this.#put(place, timeNs, action)
  }

  /** Goes on to what happens next; false when nothing does any more. */
  step(): boolean {
    const [action] = this.#actions
    if (action === undefined) return false
    this.#nowNs = this.#timeAt(0)
    this.#removeFirst()
    action()
    return true
  }

  #removeFirst(): void {
    const timeNs = this.#times.pop()
    const action = this.#actions.pop()
    if (timeNs === undefined || action === undefined || this.#times.length === 0) return
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (this.#timeAt(child + 1) < this.#timeAt(child)) child++
      if (this.#timeAt(child) >= timeNs) break
      this.#move(child, place)
      place = child
    }
    this.#put(place, timeNs, action)
  }

  #timeAt(place: number): number {
    return place < this.#times.length ? (this.#times[place] ?? Infinity) : Infinity
  }

  #move(from: number, to: number): void {
    const action = this.#actions[from]
    if (action !== undefined) this.#put(to, this.#timeAt(from), action)
  }

  #put(place: number, timeNs: number, action: () => void): void {
    this.#times[place] = timeNs
    this.#actions[place] = action
  }
}
