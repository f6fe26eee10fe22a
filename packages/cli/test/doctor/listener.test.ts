// SPDX-License-Identifier: Apache-2.0
import { createToolEventReceiver } from '@dynamo-agent/transport-zmq'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findListener } from '../../src/doctor/listener.ts'
import { temporaryFolder } from '../support/run.ts'
import { findFreePort } from '../support/shell.ts'

const limitMs = 1000

test.each([
  { where: 'a TCP port', bind: () => 'tcp://127.0.0.1:0' },
  { where: 'a socket of the file system', bind: () => `ipc://${join(temporaryFolder(), 'tools')}` },
])('a ZeroMQ socket at $where is known by its greeting, and unharmed', async ({ bind }) => {
  const received: unknown[] = []
  await using receiver = await createToolEventReceiver({ bind: bind(), onRecord: (record) => received.push(record) })
  expect(await findListener(receiver.endpoint, limitMs)).toEqual({ kind: 'zeromq' })
  expect(await findListener(receiver.endpoint, limitMs)).toEqual({ kind: 'zeromq' })
  expect(receiver.counters).toMatchObject({ received: 0, rejected: 0 })
})

test.each([
  { how: 'keeps silent', greet: () => undefined },
  { how: 'speaks another protocol', greet: (socket: Socket) => socket.write('SSH-2.0-OpenSSH\r\n') },
  { how: 'hangs up', greet: (socket: Socket) => socket.end() },
])('a server that $how is another one', async ({ greet }) => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    greet(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  expect(await findListener(`tcp://127.0.0.1:${port}`, 300)).toEqual({ kind: 'other' })
})

test('where nobody listens, the system says why', async () => {
  expect(await findListener(`tcp://127.0.0.1:${await findFreePort()}`, limitMs)).toMatchObject({
    kind: 'nobody',
    reason: expect.stringContaining('ECONNREFUSED') as string,
  })
})
