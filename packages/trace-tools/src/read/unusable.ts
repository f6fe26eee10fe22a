// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import type { InputCensus } from './census.ts'

/** What an input without a single trace row looks like, and what to do with it. */
interface Look {
  readonly like: string
  readonly advice: (name: string) => string
}

interface Sample {
  readonly bytes: Buffer
  /** The beginning, without the space before the first character. */
  readonly text: string
}

const looks: readonly (Look & { readonly matches: (sample: Sample) => boolean })[] = [
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
 * The error for inputs that hold no request and no tool event that is wanted:
 * `DYN_INPUT_EMPTY` where there is not one row to look at, else
 * `DYN_INPUT_NOT_A_TRACE`.
 *
 * @param samples Beginnings of inputs, by their places.
 */
export function unusableInputs(
  inputs: readonly InputCensus[],
  samples: ReadonlyMap<number, Uint8Array>,
): DynamoAgentError {
  const name = nameOf(inputs)
  const filtered = inputs.reduce((sum, input) => sum + input.rows.filtered, 0)
  if (filtered > 0) {
    return empty(`none of ${filtered} rows in ${name} is wanted`, 'Check the ids and the times that were asked for.')
  }
  const place = inputs.findIndex((input) => input.rows.skipped > 0)
  const first = inputs[place]
  if (first !== undefined) {
    const { like, advice } = findLook(samples.get(place) ?? new Uint8Array())
    return new DynamoAgentError({
      code: 'DYN_INPUT_NOT_A_TRACE',
      message: `no Dynamo trace rows in ${name}: ${inputs.length > 1 ? first.name : 'it'} looks like ${like}`,
      advice: advice(first.name),
    })
  }
  if (inputs.some((input) => input.rows.payload > 0)) {
    return empty(
      `nothing but request payloads in ${name}`,
      'Add request_end to DYN_REQUEST_TRACE_RECORDS and record again.',
    )
  }
  const broken = inputs.find((input) => input.end === 'corrupt') ?? inputs.find((input) => input.end === 'torn')
  if (broken !== undefined) {
    return empty(
      `no whole row in ${name}: ${inputs.length > 1 ? broken.name : 'it'} is ${broken.end === 'torn' ? 'cut' : 'damaged'}`,
      'Copy the file again from where Dynamo wrote it; gzip -t tells whether it is whole.',
    )
  }
  return empty(
    `${name} ${inputs.length > 1 ? 'are' : 'is'} empty`,
    'Dynamo writes a row when a request has ended, if the frontend ran with DYN_REQUEST_TRACE=1.',
  )
}

function empty(message: string, advice: string): DynamoAgentError {
  return new DynamoAgentError({ code: 'DYN_INPUT_EMPTY', message, advice })
}

function findLook(sample: Uint8Array): Look {
  const bytes = Buffer.from(sample)
  const text = bytes.toString('utf8').replace(/^\ufeff?\s+/, '')
  return looks.find((look) => look.matches({ bytes, text })) ?? plainText
}

function startsWith(bytes: Buffer, prefix: readonly number[]): boolean {
  return prefix.every((byte, index) => bytes[index] === byte)
}

function nameOf(inputs: readonly InputCensus[]): string {
  const [only] = inputs
  if (inputs.length > 1 || only === undefined) return `${inputs.length} files`
  return only.name === '-' ? 'standard input' : only.name
}
