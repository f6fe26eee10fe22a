// SPDX-License-Identifier: Apache-2.0
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface FrontendProcess extends Disposable {
  readonly baseURL: string
  /** Takes tool events. */
  readonly endpoint: string
}

export async function startFrontendProcess(): Promise<FrontendProcess> {
  const child = fork(fileURLToPath(new URL('programs/frontend.ts', import.meta.url)))
  const [addresses] = (await once(child, 'message')) as [Pick<FrontendProcess, 'baseURL' | 'endpoint'>]
  return {
    ...addresses,
    [Symbol.dispose]() {
      child.disconnect()
    },
  }
}
