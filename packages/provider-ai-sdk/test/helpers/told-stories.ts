// SPDX-License-Identifier: Apache-2.0
import type { RecordIdentity } from '@dynamo-agent/core'
import type { Stage } from './stage.ts'

/**
 * What a trace says of each session, by session id and one sentence for each
 * request and tool call, sorted: `request`, and `look_up running, succeeded`
 * with the status of each event of the call. What a subagent does begins with
 * the tool that it runs in: `research > request`.
 */
export async function toldStories(stage: Stage): Promise<ReadonlyMap<string, readonly string[]>> {
  const { requests, tools } = await stage.rows()
  const parents = new Map<string, string | undefined>()
  const note = (identity: RecordIdentity | undefined): string => {
    const id = identity?.trajectoryId ?? 'nobody'
    parents.set(id, identity?.parentTrajectoryId)
    return id
  }
  const deeds: { trajectory: string; words: string }[] = requests.map(({ identity }) => ({
    trajectory: note(identity),
    words: 'request',
  }))
  const calls = new Map<string, { trajectory: string; words: string }>()
  for (const { identity, tool } of tools) {
    const trajectory = note(identity)
    const errorType = tool.errorType === undefined ? '' : ` ${tool.errorType}`
    const event = `${tool.status ?? 'unknown'}${errorType}`
    const key = `${trajectory} ${tool.toolCallId}`
    const call = calls.get(key)
    if (call === undefined) calls.set(key, { trajectory, words: `${tool.toolClass} ${event}` })
    else call.words += `, ${event}`
  }

  const stories = new Map<string, string[]>()
  for (const { trajectory, words } of [...deeds, ...calls.values()]) {
    let session = trajectory
    let sentence = words
    for (let parent = parents.get(session); parent !== undefined; parent = parents.get(session)) {
      sentence = `${session.split('.')[0] ?? ''} > ${sentence}`
      session = parent
    }
    stories.set(session, [...(stories.get(session) ?? []), sentence].sort())
  }
  return stories
}
