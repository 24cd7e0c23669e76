/** Where to go after login: a path of this app as asked for, never another site. */
export function insidePath(asked: unknown): string {
  return typeof asked === 'string' && /^\/(?![/\\])/.test(asked) ? asked : '/'
}
