// SPDX-License-Identifier: Apache-2.0

/** Where an event is drawn. Both numbers are made up: a process is a session, a thread is a lane. */
export interface Thread {
  readonly pid: number
  readonly tid: number
}

/** One event of the Trace Event Format; times are integer epoch microseconds. */
export type ChromeEvent =
  | (Timed & { readonly ph: 'X'; readonly dur: number })
  /** An instant on its thread. */
  | (Timed & { readonly ph: 'i'; readonly s: 't' })
  /** An arrow leaves from the innermost slice around this moment. */
  | (Timed & { readonly ph: 's'; readonly id: number })
  /** It arrives at the next slice to begin, or with `bp: 'e'` at the innermost one around this moment. */
  | (Timed & { readonly ph: 'f'; readonly id: number; readonly bp?: 'e' })
  | {
      readonly ph: 'M'
      readonly pid: number
      readonly tid?: number
      readonly name: 'process_name' | 'process_sort_index' | 'thread_name' | 'thread_sort_index'
      readonly args: Readonly<Record<string, unknown>>
    }

interface Timed extends Thread {
  readonly name: string
  readonly cat: string
  readonly ts: number
  readonly args?: Readonly<Record<string, unknown>>
}
