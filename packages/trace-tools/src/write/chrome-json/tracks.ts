// SPDX-License-Identifier: Apache-2.0
import type { EventStream } from './event-stream.ts'
import { constant, type Constant } from './constant.ts'

/** A group of threads, which viewers show together. */
export interface Process {
  readonly pid: number
  /** As last written. */
  name: string
}

/** A line of a timeline. */
export interface Thread {
  readonly pid: number
  readonly tid: number
  /** What each event on it begins with. */
  readonly prefix: Constant
}

/**
 * Hands out processes and threads and writes what they are called when they
 * first come, so that a file that was cut off is as readable as a whole one.
 * A name that is written anew replaces the one before.
 */
export class Tracks {
  readonly #stream: EventStream
  /** No thread may have the number of a process: that would make it a main thread. */
  #nextId = 1

  constructor(stream: EventStream) {
    this.#stream = stream
  }

  createProcess(name: string): Process {
    const process = { pid: this.#nextId++, name: '' }
    this.nameProcess(process, name)
    return process
  }

  createThread({ pid }: Process, name: string): Thread {
    const tid = this.#nextId++
    const thread = { pid, tid, prefix: constant(`{"pid":${pid},"tid":${tid},`) }
    this.nameThread(thread, name)
    return thread
  }

  nameProcess(process: Process, name: string): void {
    if (process.name === name) return
    process.name = name
    this.#describe(`"pid":${process.pid}`, 'process_name', { name })
  }

  nameThread({ pid, tid }: Thread, name: string): void {
    this.#describe(`"pid":${pid},"tid":${tid}`, 'thread_name', { name })
  }

  /** @param index Place among all processes. */
  placeProcess({ pid }: Process, index: number): void {
    this.#describe(`"pid":${pid}`, 'process_sort_index', { sort_index: index })
  }

  /** @param index Place among the threads of its process. */
  placeThread({ pid, tid }: Thread, index: number): void {
    this.#describe(`"pid":${pid},"tid":${tid}`, 'thread_sort_index', { sort_index: index })
  }

  #describe(track: string, what: string, args: object): void {
    this.#stream.write(`{${track},"ph":"M","name":"${what}","args":${JSON.stringify(args)}}`)
  }
}
