// SPDX-License-Identifier: Apache-2.0
import { startDynamo, traitsOf, type Release } from '@dynamo-agent/real-dynamo'
import { FLUSH_INTERVAL_MS, limitOf, type ScriptedReply, type Target, type TargetOptions } from './target.ts'

/** As the mock worker's model writes them; the frontend's parser makes tool calls of them. */
const replies: Readonly<Record<ScriptedReply, string>> = {
  'one-call': `Let me look. ${hermesCall('read_file', { path: 'src/index.ts' })}`,
  'two-calls': [hermesCall('grep', { path: 'src' }), hermesCall('read_file', { path: 'src/trace.ts' })].join(''),
}

/** A released Dynamo with mock workers. */
export async function startDynamoTarget(release: Release, options: TargetOptions = {}): Promise<Target> {
  const traits = traitsOf(release)
  const dynamo = await startDynamo({
    release,
    replies,
    ...(options.traceFormat !== undefined && { traceFormat: options.traceFormat }),
    environment: {
      [`${traits.tracePrefix}_JSONL_FLUSH_INTERVAL_MS`]: String(FLUSH_INTERVAL_MS),
      ...(options.rollLines !== undefined && {
        [`${traits.tracePrefix}_JSONL_GZ_ROLL_LINES`]: String(options.rollLines),
      }),
    },
  })
  return {
    name: release,
    release,
    baseUrl: dynamo.baseUrl,
    model: dynamo.model,
    toolEventsEndpoint: dynamo.toolEventsEndpoint,
    traceFolder: dynamo.traceFolder,
    bodyFor(reply) {
      return traits.replies === 'none' ? undefined : { nvext: { annotations: [`output_replay_id:${reply}`] } }
    },
    longAnswer: limitOf,
    stopFrontend: () => dynamo.stopFrontend(),
    startFrontend: () => dynamo.restartFrontend(),
    [Symbol.asyncDispose]: () => dynamo.stop(),
  }
}

function hermesCall(name: string, args: Readonly<Record<string, string>>): string {
  return `<tool_call>\n${JSON.stringify({ name, arguments: args })}\n</tool_call>`
}
