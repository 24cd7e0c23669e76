// A small workbook of texts, as an office would upload it: a zip of stored parts, nothing else.
import { crc32 } from 'node:zlib'

export interface Sheet { name: string; rows: string[][] }

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELS = 'http://schemas.openxmlformats.org/package/2006/relationships'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const TYPES = 'http://schemas.openxmlformats.org/package/2006/content-types'
const KIND = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

const escape = (s: string) => s.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
const letter = (column: number) => String.fromCharCode(65 + column)

function sheetXml(rows: string[][]): string {
  const lines = rows.map((row, r) => `<row r="${r + 1}">` + row.map((text, c) =>
    text ? `<c r="${letter(c)}${r + 1}" t="inlineStr"><is><t>${escape(text)}</t></is></c>` : '').join('') + '</row>')
  return `<worksheet xmlns="${MAIN}"><sheetData>${lines.join('')}</sheetData></worksheet>`
}

/** The bytes of an xlsx with these sheets; at most 26 columns each. */
export function xlsx(sheets: Sheet[]): Buffer {
  const of = (f: (s: Sheet, n: number) => string) => sheets.map((s, i) => f(s, i + 1)).join('')
  return zip([
    ['[Content_Types].xml', `<Types xmlns="${TYPES}"><Default Extension="rels" ` +
      'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      `<Override PartName="/xl/workbook.xml" ContentType="${KIND}.sheet.main+xml"/>` +
      of((_, n) => `<Override PartName="/xl/s${n}.xml" ContentType="${KIND}.worksheet+xml"/>`) + '</Types>'],
    ['_rels/.rels', `<Relationships xmlns="${RELS}"><Relationship Id="r1" Type="${OFFICE}/officeDocument" ` +
      'Target="xl/workbook.xml"/></Relationships>'],
    ['xl/workbook.xml', `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>` +
      of((s, n) => `<sheet name="${escape(s.name)}" sheetId="${n}" r:id="r${n}"/>`) + '</sheets></workbook>'],
    ['xl/_rels/workbook.xml.rels', `<Relationships xmlns="${RELS}">` +
      of((_, n) => `<Relationship Id="r${n}" Type="${OFFICE}/worksheet" Target="s${n}.xml"/>`) + '</Relationships>'],
    ...sheets.map((s, i): [string, string] => [`xl/s${i + 1}.xml`, sheetXml(s.rows)]),
  ])
}

function zip(parts: [name: string, text: string][]): Buffer {
  const local: Buffer[] = []
  const central: Buffer[] = []
  let at = 0
  for (const [name, text] of parts) {
    const [path, bytes] = [Buffer.from(name), Buffer.from(text)]
    const common = Buffer.alloc(26) // version, flags, method, time, date, crc, sizes, lengths
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x0021, 8) // 1980-01-01
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(bytes.length, 14)
    common.writeUInt32LE(bytes.length, 18)
    common.writeUInt16LE(path.length, 22)
    local.push(Buffer.from('PK\x03\x04', 'latin1'), common, path, bytes)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(at, 10)
    central.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), common, tail, path)
    at += 4 + common.length + path.length + bytes.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(parts.length, 4)
  end.writeUInt16LE(parts.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...local, directory, Buffer.from('PK\x05\x06', 'latin1'), end])
}
