// SPDX-License-Identifier: Apache-2.0
import { createToolEventReceiver } from '@dynamo-agent/transport-zmq'
import { writeSync } from 'node:fs'

/** Listens on the given endpoint and prints the id of each tool call. */
await createToolEventReceiver({
  bind: process.argv[2] ?? '',
  onRecord: (record) => {
    writeSync(1, `${(record as { tool: { tool_call_id: string } }).tool.tool_call_id}\n`)
  },
})
writeSync(1, 'ready\n')
