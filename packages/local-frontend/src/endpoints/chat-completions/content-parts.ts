// SPDX-License-Identifier: Apache-2.0
import { asFields, fieldsOf } from '../../request/json-body.ts'
import { isFields, type Fields } from '../../request/serde.ts'

/** Whether a message can say this: a text, or parts of it (measured on 1.2.1 and 1.6.1). */
export function isContent(content: unknown, modern: boolean): boolean {
  if (!Array.isArray(content)) return typeof content === 'string'
  return content.every((part) => isFields(part) && isPart(part, modern))
}

function isPart(part: Fields, modern: boolean): boolean {
  switch (part.type) {
    case 'text':
      return typeof part.text === 'string'
    case 'image_url':
    case 'video_url':
    case 'audio_url': {
      const media = part[part.type] ?? undefined
      // Later releases also take the name of what the server has, and notice only then that there is neither.
      return media === undefined ? modern : isFields(media) && isMedia(media, modern)
    }
    case 'input_audio': {
      const { data, format } = fieldsOf(part, part.type)
      return typeof data === 'string' && (format === 'wav' || format === 'mp3')
    }
    default:
      return false
  }
}

function isMedia({ url, detail = null }: Fields, modern: boolean): boolean {
  const isAddress = typeof url === 'string' && ((modern && url === '') || URL.canParse(url))
  return isAddress && (detail === null || detail === 'auto' || detail === 'low' || detail === 'high')
}

/** Whether a part neither says where its image, video or sound is, nor names one that the server has. */
export function lacksMedia(part: unknown): boolean {
  const { type, uuid } = asFields(part)
  if (type !== 'image_url' && type !== 'video_url' && type !== 'audio_url') return false
  const { url = '' } = fieldsOf(asFields(part), type)
  return url === '' && typeof uuid !== 'string'
}
