// A closed archive of given parts, for the mock server: written here a second time, from the format's
// description, so that the page's reader meets bytes that its own code did not make.
import { createHash } from 'node:crypto'
import { tallyText, verifyArchive } from '../bel.ts'

export const sha = (b: Uint8Array | string): string => createHash('sha256').update(b).digest('hex')
export interface Content { election: string; trustees: string; creds: string; ballots: string[] }
const TIME = 1790000000

function record(name: string, body: Buffer): Buffer {
  const head = Buffer.alloc(512)
  const put = (at: number, text: string): void => { head.write(text, at) }
  put(0, name)
  put(100, '0000644')
  put(108, '0000000')
  put(116, '0000000')
  put(124, body.length.toString(8).padStart(11, '0'))
  put(136, TIME.toString(8).padStart(11, '0'))
  put(148, '        ')
  put(156, '0')
  put(148, head.reduce((n, b) => n + b, 0).toString(8).padStart(6, '0'))
  head[154] = 0
  return Buffer.concat([head, body, Buffer.alloc((512 - (body.length % 512)) % 512)])
}

function write(c: Content, tally: string): Uint8Array {
  const out = [record('BELENIOS', Buffer.from(`{"version":1,"timestamp":"${TIME}"}`))]
  let parent = '', height = 0
  const data = (text: string): string => {
    out.push(record(`${sha(text)}.data.json`, Buffer.from(text)))
    return sha(text)
  }
  const event = (type: string, payload: string): void => {
    const text = `{${height ? `"parent":"${parent}",` : ''}"height":${height},"type":"${type}"${payload ? `,"payload":"${payload}"` : ''}}`
    parent = sha(text)
    height++
    out.push(record(`${parent}.event.json`, Buffer.from(text)))
  }
  const [e, t, k] = [data(c.election), data(c.trustees), data(c.creds)]
  event('Setup', data(`{"election":"${e}","trustees":"${t}","credentials":"${k}"}`))
  for (const b of c.ballots) event('Ballot', data(b))
  event('EndBallots', '')
  if (tally) {
    const n = c.ballots.length
    const hash = data(tally)
    event('EncryptedTally', data(`{"num_tallied":${n},"total_weight":${n},"encrypted_tally":"${hash}"}`))
  }
  return new Uint8Array(Buffer.concat(out))
}

export async function writeArchive(c: Content): Promise<Uint8Array> {
  return write(c, tallyText(await verifyArchive(write(c, ''), null)))
}
