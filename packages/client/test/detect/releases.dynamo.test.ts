// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { agentContextBodyDialect } from '@dynamo-agent/core'
import { releases, startDynamo, type Dynamo } from '@dynamo-agent/real-dynamo'
import { describe, expect, test } from 'vitest'
import { createDialectSelector, createIdentityFetch, detectGeneration, listModels } from '../../src/index.ts'
import {
  chatBody,
  numberedIdentity,
  postChat,
  readRequests,
  recordedIdentity,
  withoutDocument,
} from '../frontends.ts'

// The first run on a machine installs the release.
const timeout = 600_000

describe.each(releases)('Dynamo %s', { timeout }, (release) => {
  const generation = release === '1.2.1' ? '1.2' : '1.3+'
  const dialect = release === '1.2.1' ? 'agent-context-body' : 'session-headers'

  test('is detected by both means, and identified in its own dialect', async () => {
    await using dynamo = await startDynamo({ release })
    const { baseUrl, model } = dynamo
    expect(await detectGeneration({ baseUrl })).toMatchObject({ by: 'openapi', release, dialect })
    expect(await detectGeneration({ baseUrl, fetch: withoutDocument })).toMatchObject({ by: 'probe', dialect })
    expect((await listModels({ baseUrl })).map(({ id }) => id)).toEqual([model])

    await serves(dynamo)
    const selector = createDialectSelector({ baseUrl, waitMs: 15_000 })
    const identify = numberedIdentity()
    const identified = createIdentityFetch({ selector, identify })
    const wrong = { ...selector, select: () => Promise.resolve(agentContextBodyDialect) }
    const healing = createIdentityFetch({ selector: wrong, identify })
    const paths = {
      'chat/completions': { messages: [{ role: 'user', content: 'hi' }], max_tokens: 4 },
      responses: { input: 'hi', max_output_tokens: 4 },
    }
    for (const [path, fields] of Object.entries(paths)) {
      for (const fetchOne of [identified, healing]) {
        const response = await fetchOne(`${baseUrl}/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ model, ...fields }),
        })
        expect([path, response.status]).toEqual([path, 200])
      }
    }
    expect(await identitiesIn(dynamo, 4)).toEqual(Array(4).fill(expect.objectContaining(recordedIdentity[generation])))
  })
})

describe.each([
  ['1.2.1', '1.6.1'],
  ['1.6.1', '1.2.1'],
] as const)('Dynamo %s that %s replaces', { timeout }, (before, after) => {
  test('under a running agent loses no request and no identity', async () => {
    await using old = await startDynamo({ release: before })
    await using replacement = await startDynamo({ release: after })
    await Promise.all([serves(old), serves(replacement)])
    await using address = await shareAddress(old)
    const selector = createDialectSelector({ baseUrl: address.baseUrl, waitMs: 15_000 })
    const fetch = createIdentityFetch({ selector, identify: numberedIdentity() })
    const ask = async () => (await postChat(fetch, address.baseUrl, chatBody(old.model))).status

    const statuses = [await ask(), await ask(), await ask()]
    address.leadTo(undefined)
    await expect(ask()).rejects.toThrow()
    address.leadTo(replacement)
    statuses.push(await ask(), await ask(), await ask())
    expect(statuses).toEqual(Array(6).fill(200))
    for (const [dynamo, release] of [[old, before], [replacement, after]] as const) {
      const recorded = recordedIdentity[release === '1.2.1' ? '1.2' : '1.3+']
      expect(await identitiesIn(dynamo, 3)).toEqual(Array(3).fill(expect.objectContaining(recorded)))
    }
  })
})

/** A Dynamo lists its model a moment before its workers can be reached. */
async function serves({ baseUrl, model }: Dynamo): Promise<void> {
  while (!(await postChat(fetch, baseUrl, chatBody(model))).ok) await sleep(200)
}

/** The identities on record, once there are so many: rows come to the file within its flush interval. */
async function identitiesIn({ traceFolder }: Dynamo, count: number): Promise<unknown[]> {
  for (;;) {
    const requests = await readRequests(join(traceFolder, 'trace.jsonl')).catch(() => [])
    const identities = requests.flatMap(({ identity }) => identity ?? [])
    if (identities.length >= count) return identities
    await sleep(50)
  }
}

/** An address that leads to one Dynamo or another, or nowhere. */
async function shareAddress(first: Dynamo) {
  let target: Dynamo | undefined = first
  const open = new Set<Socket>()
  const server = createServer((client) => {
    if (target === undefined) {
      client.destroy()
      return
    }
    const upstream = connect(Number(new URL(target.baseUrl).port), '127.0.0.1')
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', () => undefined).on('close', () => {
        open.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.pipe(upstream).pipe(client)
  })
  const cut = () => {
    for (const socket of open) socket.destroy()
  }
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    leadTo(dynamo: Dynamo | undefined) {
      target = dynamo
      cut()
    },
    async [Symbol.asyncDispose]() {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
