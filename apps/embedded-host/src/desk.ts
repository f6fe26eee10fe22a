// SPDX-License-Identifier: Apache-2.0
import type { Environment } from '@dynamo-agent/core'
import { openChannel, type Channel, type ChannelOptions } from './channel.ts'

/** All channels of the application in one process. */
export interface Desk extends AsyncDisposable {
  /**
   * The channel with this id, opened when it is asked for first.
   *
   * @throws once the desk is being disposed.
   */
  channel(id: string): Promise<Channel>
}

export interface DeskOptions extends Omit<ChannelOptions, 'id' | 'environment'> {
  /** @defaultValue process.env */
  readonly environment?: Environment
}

export function openDesk({ environment = process.env, ...options }: DeskOptions): Desk {
  const channels = new Map<string, Promise<Channel>>()
  const close = async () => {
    const opened = await Promise.allSettled(channels.values())
    await Promise.all(
      opened.map(async (channel) => {
        if (channel.status === 'fulfilled') await channel.value[Symbol.asyncDispose]()
      }),
    )
  }
  let closing: Promise<void> | undefined
  return {
    channel(id) {
      if (closing !== undefined) return Promise.reject(new Error('the desk is closed'))
      const known = channels.get(id)
      if (known !== undefined) return known
      const opening = openChannel({ ...options, environment, id })
      channels.set(id, opening)
      // One that could not be opened may be asked for again.
      opening.catch(() => channels.delete(id))
      return opening
    },
    [Symbol.asyncDispose]() {
      closing ??= close()
      return closing
    },
  }
}
