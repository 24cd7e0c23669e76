// A QR picture as one path.
export function svgOf(dots: boolean[][], label: string): SVGSVGElement {
  const ns = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(ns, 'svg')
  const path = document.createElementNS(ns, 'path')
  const n = dots.length
  svg.setAttribute('viewBox', `0 0 ${n} ${n}`)
  svg.setAttribute('class', 'qr')
  svg.setAttribute('role', 'img')
  svg.setAttribute('aria-label', label)
  svg.setAttribute('shape-rendering', 'crispEdges')
  path.setAttribute('d', dots.map((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : '')).join('')).join(''))
  svg.appendChild(path)
  return svg
}
