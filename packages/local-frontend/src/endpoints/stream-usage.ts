// SPDX-License-Identifier: Apache-2.0
import { fieldsOf, type JsonBody } from '../request/json-body.ts'

/** Which events of a stream of completions tell token counts. */
export interface StreamUsage {
  /** An event of its own at the end. */
  readonly usage: boolean
  /** Every event, of what there is so far; only together with the last one. */
  readonly continuousUsage: boolean
}

/** What `stream_options` asks for. */
export function streamUsageOf(body: JsonBody): StreamUsage {
  const { include_usage: asked, continuous_usage_stats: continuous } = fieldsOf(body, 'stream_options')
  return { usage: asked === true, continuousUsage: asked === true && continuous === true }
}
