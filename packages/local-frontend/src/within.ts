// SPDX-License-Identifier: Apache-2.0

/** Waits for something, but no longer than a limit. Never rejects; the timer keeps nothing alive. */
export async function within(limitMs: number, awaited: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs).unref()
  })
  await Promise.race([awaited.catch(() => undefined), expired])
  clearTimeout(timer)
}
