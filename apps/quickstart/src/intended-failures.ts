// SPDX-License-Identifier: Apache-2.0
import type { TraceModel } from '@dynamo-agent/trace-tools'

/** What the script has fail, by the tool that does it. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['read', 'a file that is not there'],
  ['bash', 'a run of the failing test'],
])

/**
 * Why tool calls of a trace failed, one reason for each call.
 *
 * @returns undefined when one failed that was not to.
 */
export function explainFailures({ sessions }: TraceModel): readonly string[] | undefined {
  const failed = sessions
    .flatMap(({ trajectories }) => trajectories.flatMap(({ toolCalls }) => toolCalls))
    .filter(({ failed }) => failed)
  const explained = failed.flatMap(({ call }) => reasons.get(call.toolClass) ?? [])
  return explained.length === failed.length ? explained : undefined
}
