// SPDX-License-Identifier: Apache-2.0

/** How much a model is given. */
export interface PromptSize {
  readonly messages: number
  /** UTF-8 bytes of texts, of tool inputs and results as JSON, and of files in base64. */
  readonly bytes: number
}

/** What is read of a part of a message; the majors of the SDK give parts of more kinds. */
interface Part {
  readonly type?: unknown
  readonly text?: unknown
  readonly data?: unknown
  readonly input?: unknown
  readonly output?: unknown
}

/** Measures a prompt in the form that models get it, without making it into JSON as a whole. */
export function measurePrompt(prompt: readonly object[]): PromptSize {
  let bytes = 0
  for (const message of prompt) bytes += contentBytes((message as { readonly content?: unknown }).content)
  return { messages: prompt.length, bytes }
}

function contentBytes(content: unknown): number {
  if (typeof content === 'string') return Buffer.byteLength(content)
  if (!Array.isArray(content)) return 0
  let bytes = 0
  for (const part of content) bytes += partBytes(part as Part)
  return bytes
}

function partBytes({ type, text, data, input, output }: Part): number {
  switch (type) {
    case 'text':
    case 'reasoning':
      return typeof text === 'string' ? Buffer.byteLength(text) : 0
    case 'tool-call':
      return jsonBytes(input)
    case 'tool-result':
      return outputBytes(output as { readonly value?: unknown } | undefined)
    default:
      return fileBytes(data)
  }
}

function outputBytes(output: { readonly value?: unknown } | undefined): number {
  const value = output?.value
  return typeof value === 'string' ? Buffer.byteLength(value) : jsonBytes(value)
}

function jsonBytes(value: unknown): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value))
}

/** A file is bytes, base64 or an address, in ai@7 inside an object that says which. */
function fileBytes(data: unknown): number {
  if (typeof data === 'string') return Buffer.byteLength(data)
  if (data instanceof Uint8Array) return Math.ceil(data.byteLength / 3) * 4
  if (data instanceof URL) return data.href.length
  const { data: inner } = (data ?? {}) as { readonly data?: unknown }
  return inner === undefined ? 0 : fileBytes(inner)
}
