// SPDX-License-Identifier: Apache-2.0

/** What a timeline shows besides requests and tool calls; the same for each format. */
export interface TimelineOptions {
  /**
   * Draw prefill wait, prefill and decode inside each request.
   * @defaultValue true
   */
  readonly stages?: boolean
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
}
