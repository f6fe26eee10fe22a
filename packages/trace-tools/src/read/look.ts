// SPDX-License-Identifier: Apache-2.0
import { hasGzipMagic } from './gzip-member.ts'

/** What an input without a single trace row looks like, and what to do with it. */
export interface Look {
  readonly like: string
  readonly advice: (name: string) => string
}

interface Sample {
  readonly bytes: Buffer
  /** The beginning, without the space before the first character. */
  readonly text: string
}

type KnownLook = Look & { readonly matches: (sample: Sample) => boolean }

/** Other files may stand in them as they are. */
const archives: readonly KnownLook[] = [
  {
    matches: ({ bytes }) => startsWith(bytes, [0x28, 0xb5, 0x2f, 0xfd]),
    like: 'Zstandard data',
    advice: (name) => `Decompress it first: zstd -dc ${name} | dynamo-agent trace convert - -o trace.pftrace`,
  },
  {
    matches: ({ bytes }) => startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]),
    like: 'a ZIP archive',
    advice: (name) => `Unpack it first: unzip ${name}`,
  },
  {
    matches: ({ bytes }) => bytes.subarray(257, 262).toString('latin1') === 'ustar',
    like: 'a tar archive',
    advice: (name) => `Unpack it first: tar xf ${name}`,
  },
]

const looks: readonly KnownLook[] = [
  {
    // The first field of a Perfetto file is a packet: tag 0x0a, its length, then one of the packet's own fields.
    matches: ({ bytes }) => bytes[0] === 0x0a && bytes.subarray(1, 64).some((byte) => byte < 0x09),
    like: 'a Perfetto timeline',
    advice: () => 'It is converted already: open it at https://ui.perfetto.dev.',
  },
  {
    matches: ({ text }) => /^\{\s*"(traceEvents|displayTimeUnit)"|^\[\s*\{[^{}]*"ph"\s*:/.test(text),
    like: 'a Chrome JSON timeline',
    advice: () => 'It is converted already: open it at https://ui.perfetto.dev.',
  },
  {
    matches: ({ text }) => /^<(!doctype html|html|\?xml)/i.test(text),
    like: 'a web page',
    advice: (name) => `Download ${name} again, and check that the address asks for no login.`,
  },
  ...archives,
  {
    // What is looked at was decompressed once.
    matches: ({ bytes }) => hasGzipMagic(bytes),
    like: 'gzip data that were compressed twice',
    advice: (name) => `Decompress it once: gzip -dc ${name} | dynamo-agent trace convert - -o trace.pftrace`,
  },
  {
    matches: ({ bytes }) => [[0xff, 0xfe], [0xfe, 0xff], [0x7b, 0]].some((mark) => startsWith(bytes, mark)),
    like: 'UTF-16 text',
    advice: (name) => `A trace is UTF-8: iconv -f UTF-16 -t UTF-8 ${name} > rows.jsonl`,
  },
  {
    matches: ({ text }) => text.startsWith('['),
    like: 'one JSON array',
    advice: (name) => `A trace has one JSON object on each line: jq -c '.[]' ${name} > rows.jsonl`,
  },
  {
    matches: ({ text }) => /^\{\s*\n/.test(text),
    like: 'a pretty-printed JSON document',
    advice: (name) => `A trace has one JSON object on each line: jq -c . ${name} > rows.jsonl`,
  },
  {
    matches: ({ text }) => /^\{.*\}\s*(\n|$)/.test(text),
    like: 'JSON lines of another kind',
    advice: () => 'Give the file that DYN_REQUEST_TRACE_OUTPUT_PATH named when the Dynamo frontend ran.',
  },
  {
    matches: ({ bytes }) => bytes.includes(0),
    like: 'binary data',
    advice: () => 'Give the file that DYN_REQUEST_TRACE_OUTPUT_PATH named when the Dynamo frontend ran.',
  },
]

const plainText: Look = {
  like: 'plain text',
  advice: () => 'Give the file that DYN_REQUEST_TRACE_OUTPUT_PATH named when the Dynamo frontend ran.',
}

/**
 * Says what an input looks like that is no trace.
 *
 * @param sample Its beginning; a few hundred bytes are enough.
 */
export function findLook(sample: Uint8Array): Look {
  const beginning = toSample(sample)
  return looks.find((look) => look.matches(beginning)) ?? plainText
}

/**
 * Whether an input holds other files.
 *
 * @param head Its first 262 bytes at least, where there are as many.
 */
export function isArchive(head: Uint8Array): boolean {
  const beginning = toSample(head)
  return archives.some((look) => look.matches(beginning))
}

function toSample(beginning: Uint8Array): Sample {
  const bytes = Buffer.from(beginning)
  return { bytes, text: bytes.toString('utf8').replace(/^\ufeff?\s+/, '') }
}

function startsWith(bytes: Buffer, prefix: readonly number[]): boolean {
  return prefix.every((byte, index) => bytes[index] === byte)
}
