// SPDX-License-Identifier: Apache-2.0

/** Headers that concern one connection and are not passed on (RFC 9110, section 7.6.1). */
const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/**
 * A message's headers without those of its connection, as the flat list of
 * names and values that Node takes: order, case and repetitions stay.
 *
 * @param dropped Further names to leave out, in lower case.
 */
export function endToEndHeaders(rawHeaders: readonly string[], dropped: readonly string[] = []): string[] {
  const pairs = Array.from({ length: rawHeaders.length / 2 }, (_, index) => ({
    name: rawHeaders[index * 2] ?? '',
    value: rawHeaders[index * 2 + 1] ?? '',
  }))
  const named = pairs
    .filter(({ name }) => name.toLowerCase() === 'connection')
    .flatMap(({ value }) => value.split(',').map((item) => item.trim().toLowerCase()))
  const leftOut = new Set([...hopByHop, ...named, ...dropped])
  return pairs.filter(({ name }) => !leftOut.has(name.toLowerCase())).flatMap(({ name, value }) => [name, value])
}
