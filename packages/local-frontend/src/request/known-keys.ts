// SPDX-License-Identifier: Apache-2.0

/** How Dynamo reads a top-level key that it knows. */
export type KeyReading =
  /** As it comes: what is wrong with it is told at its place. */
  | 'in-passing'
  /** When the whole body is there: what is wrong with it is told at the body's end. */
  | 'at-the-end'
  /** Into a map that takes everything, the same key twice too. */
  | 'loosely'

/** Keys by how they are read. */
export type KeyLists = Partial<Readonly<Record<KeyReading, readonly string[]>>>

/** The top-level keys of one kind of request. */
export interface KnownKeys {
  /**
   * @param modern Whether the release is 1.3 or later, for which 1.6.1 stands.
   * @returns undefined for a key that is not known.
   */
  reading(key: string, modern: boolean): KeyReading | undefined
}

/**
 * @param always Keys that Dynamo takes from 1.2 on.
 * @param since What came between 1.3 and 1.6.
 */
export function createKnownKeys(always: KeyLists, since: KeyLists): KnownKeys {
  const early = new Map(entriesOf(always))
  const late = new Map([...entriesOf(always), ...entriesOf(since)])
  return { reading: (key, modern) => (modern ? late : early).get(key) }
}

function entriesOf(lists: KeyLists): (readonly [string, KeyReading])[] {
  return (Object.keys(lists) as KeyReading[]).flatMap((reading) =>
    (lists[reading] ?? []).map((key) => [key, reading] as const),
  )
}

/** What both kinds of completion take (measured on 1.2.1 to 1.6.1). */
export const samplingKeys = {
  always: {
    'in-passing': ['nvext', 'return_tokens_as_token_ids'],
    'at-the-end': [
      ...['model', 'frequency_penalty', 'presence_penalty', 'logit_bias', 'logprobs', 'max_tokens', 'n', 'seed'],
      ...['stop', 'stream', 'stream_options', 'temperature', 'top_p', 'user'],
      // of the engines
      ...['ignore_eos', 'min_tokens', 'top_k', 'min_p', 'repetition_penalty', 'include_stop_str_in_output'],
      ...['skip_special_tokens', 'guided_json', 'guided_regex', 'guided_grammar', 'guided_choice'],
      ...['guided_decoding_backend', 'guided_whitespace_pattern'],
    ],
  },
  since: {
    'at-the-end': ['prompt_logprobs', 'add_generation_prompt', 'continue_final_message'],
    loosely: ['cache_salt', 'stop_token_ids', 'detokenize', 'allowed_token_ids', 'bad_words_token_ids'],
  },
} as const satisfies Record<string, KeyLists>
