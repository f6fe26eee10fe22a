// SPDX-License-Identifier: Apache-2.0
import { Push } from 'zeromq'
import { encodeMsgpack } from './msgpack.ts'

/** A PUSH socket that sends whatever it is told to, right or wrong. */
export interface ToolEventSocket extends Disposable {
  /** The three frames of a tool event. */
  sendRecord(record: unknown): Promise<void>
  sendFrames(frames: readonly (string | Buffer)[]): Promise<void>
}

export const TOPIC = 'agent-tool-events'
export const sequenceFrame = Buffer.alloc(8)

export function connectToolEventSocket(endpoint: string): ToolEventSocket {
  const socket = new Push({ linger: 0, sendHighWaterMark: 100_000 })
  socket.connect(endpoint)
  return {
    sendRecord: (record) => socket.send([TOPIC, sequenceFrame, encodeMsgpack(record)]),
    sendFrames: (frames) => socket.send([...frames]),
    [Symbol.dispose]: () => {
      socket.close()
    },
  }
}
