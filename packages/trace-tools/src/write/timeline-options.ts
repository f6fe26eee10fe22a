// SPDX-License-Identifier: Apache-2.0

/** What a timeline shows; the same for each format. Plain data: it is sent to other threads. */
export interface TimelineOptions {
  /**
   * Draw prefill wait, prefill and decode inside each request.
   * @defaultValue true
   */
  readonly stages?: boolean
  /**
   * Draw the stages on tracks of their own, below those of the requests.
   * @defaultValue false
   */
  readonly separateStageTracks?: boolean
  /**
   * Mark the first token of each request.
   * @defaultValue true
   */
  readonly markers?: boolean
  /**
   * Draw arrows along the model's edges.
   * @defaultValue true
   */
  readonly flows?: boolean
  /**
   * Draw how much went on at once, the router's queue, tokens and the cache's hits.
   * @defaultValue true
   */
  readonly counters?: boolean
  /**
   * What a slice tells: all that its rows say, or the ids and figures that most questions need.
   * @defaultValue `full`
   */
  readonly args?: 'minimal' | 'full'
  /**
   * Sort what is drawn by who asked, or by the worker that served it.
   * @defaultValue `session`
   */
  readonly by?: 'session' | 'worker'
  /**
   * Indent a format that is text.
   * @defaultValue false
   */
  readonly pretty?: boolean
}
